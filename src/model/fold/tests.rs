//! Folding and finding, with words of several scripts.

use super::*;

#[test]
fn what_people_leave_out_or_write_otherwise_is_the_same() {
    for (written, folded) in [
        ("Petrović", "petrovic"),
        ("ａｎａ", "ana"),
        ("ÅNGSTRÖM", "angstrom"),
        ("e\u{301}te\u{301}", "ete"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("ẞ", "ss"),
        ("Łódź", "lodz"),
        ("Sørensen", "sorensen"),
        ("İstanbul", "istanbul"),
        ("Ισχύς", "ισχυσ"),
        ("Ещё", "еще"),
        ("ﬁn", "fin"),
        ("مُحَمَّد", "محمد"),
        ("أحمد", "احمد"),
        ("إلى", "الي"),
        ("مدرســـة", "مدرسه"),
        ("٢٠٢٦", "2026"),
        ("שָׁלוֹם", "שלום"),
        ("co\u{ad}op\u{200b}er", "cooper"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("か\u{3099}", "が"),
        ("\u{1112}\u{1161}\u{11ab}", "한"),
        ("한글", "한글"),
    ] {
        assert_eq!(fold(written), folded, "{written}");
        assert_eq!(fold(folded), folded, "folding again changes nothing");
    }
}

#[test]
fn marks_that_make_another_word_stay() {
    for (one, other) in [("か", "が"), ("कि", "कु"), ("ปา", "ปี"), ("ก่", "ก้")]
    {
        assert_ne!(fold(one), fold(other), "{one}");
    }
}

#[test]
fn ten_thousand_marks_fold_to_nothing() {
    assert_eq!(fold(&format!("a{}b", "\u{301}".repeat(10_000))), "ab");
}

fn terms(text: &str) -> Vec<String> {
    index_terms(text).into_iter().collect()
}

#[test]
fn words_are_indexed_whole_and_runs_by_their_pairs() {
    assert_eq!(terms("Die Straße, die!"), ["die", "strasse"]);
    assert_eq!(terms("数学课"), ["学课", "数学", "课"]);
    assert_eq!(terms("第3章"), ["3", "章", "第"]);
    assert_eq!(terms("हिन्दी में"), ["में", "हिन्दी"].map(fold));
    assert_eq!(terms(&"x".repeat(1000)), ["x".repeat(40)]);
    for nothing in ["", "  \n", "?!…", "🎉👍🏽", "\0", "％＿"] {
        assert!(terms(nothing).is_empty(), "{nothing:?}");
    }
}

/// The text with what was found in brackets; none where it was not.
fn found(wanted: &str, text: &str) -> Option<String> {
    let wanted = Wanted::of(wanted).unwrap();
    let found = wanted.found_in(text);
    // Whatever has what is wanted is found by each of the terms that the index is asked for.
    let terms = index_terms(text);
    let has = |term: &wanted::Term| {
        terms
            .iter()
            .any(|t| *t == term.text || (term.is_prefix && t.starts_with(&term.text)))
    };
    assert!(found.is_none() || wanted.terms().iter().all(has), "{text}");
    let parts = found?;
    let whole: String = parts.iter().map(|part| part.text.as_str()).collect();
    assert_eq!(whole, text, "the parts together are the text");
    let shown = parts.into_iter().map(|part| match part.is_match {
        true => format!("[{}]", part.text),
        false => part.text,
    });
    Some(shown.collect())
}

#[test]
fn what_is_found_is_marked_as_it_was_written() {
    for (wanted, text, shown) in [
        ("petrovic", "Frau Petrović kommt", "Frau [Petrović] kommt"),
        ("strasse", "Die Straße!", "Die [Straße]!"),
        ("stras", "Die Straße!", "Die [Straß]e!"),
        (
            "the exam",
            "Exam: see the examples",
            "[Exam]: see [the] [exam]ples",
        ),
        ("محمد", "قال مُحَمَّد نعم", "قال [مُحَمَّد] نعم"),
        ("学课", "数学课在三楼", "数[学课]在三楼"),
        ("学", "数学", "数[学]"),
        ("สอบ", "วันสอบคือพรุ่งนี้", "วัน[สอบ]คือพรุ่งนี้"),
        ("テスト", "明日テストです", "明日[テスト]です"),
        ("ﾃｽﾄ", "明日テストです", "明日[テスト]です"),
        ("학교", "우리학교는", "우리[학교]는"),
        ("e\u{301}te\u{301}", "l'été", "l'[été]"),
    ] {
        assert_eq!(found(wanted, text).as_deref(), Some(shown), "{wanted}");
    }
}

#[test]
fn all_of_it_must_be_there() {
    for (wanted, text) in [
        ("exam monday", "The exam is on Tuesday"),
        ("exam ", "examples"),
        ("ex", "exam"),
        ("课学", "数学课"),
        ("が", "かき"),
        ("xam", "exam"),
    ] {
        assert_eq!(found(wanted, text), None, "{wanted}");
    }
    assert!(Wanted::of("").is_none() && Wanted::of("\"*\" (🎉) \0").is_none());
}

#[test]
fn no_term_holds_what_a_query_language_knows() {
    let wanted =
        Wanted::of("\"a\" OR NEAR(b, 3) col:c* d^2 -e {f} 'g' \\h & | ! <-> :* \0 %_").unwrap();
    let terms = wanted.terms();
    assert!(!terms.is_empty());
    for term in terms {
        assert!(term.text.chars().all(char::is_alphanumeric), "{term:?}");
    }
    let many = (0..5000).map(|n| format!("w{n} ")).collect::<String>();
    assert_eq!(
        Wanted::of(&many).unwrap().terms().len(),
        crate::model::limits::SEARCH_TERMS
    );
}
