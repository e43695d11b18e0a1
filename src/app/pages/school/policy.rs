//! Who may write to whom, and who makes rooms.

use leptos::{prelude::*, task::spawn_local};

use super::{Said, Told};
use crate::{
    api,
    app::i18n::{text, use_locale},
    model::Policy,
};

/// The form with a box for each rule.
#[component]
pub fn PolicyForm(
    /// What is allowed now.
    policy: Policy,
) -> impl IntoView {
    let t = use_locale();
    let said = Said::new();
    let policy = RwSignal::new(policy);
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        said.begin();
        let chosen = policy.get_untracked();
        spawn_local(async move {
            said.end(
                api::school::set_policy(chosen).await,
                text!(t, school.saved),
            );
        });
    };
    view! {
        <form class="card" aria-labelledby="policy-heading" method="post" on:submit=submit>
            <h2 id="policy-heading">{text!(t, school.policy)}</h2>
            <p>{text!(t, school.policy_text)}</p>
            <fieldset class="choices">
                <legend class="visually-hidden">{text!(t, school.policy)}</legend>
                <Rule
                    policy
                    label=text!(t, school.student_to_student)
                    rule=|policy| &mut policy.student_to_student
                />
                <Rule
                    policy
                    label=text!(t, school.student_to_teacher)
                    rule=|policy| &mut policy.student_to_teacher
                />
                <Rule
                    policy
                    label=text!(t, school.teacher_to_student)
                    rule=|policy| &mut policy.teacher_to_student
                />
            </fieldset>
            <fieldset class="choices">
                <legend class="choices-title">{text!(t, school.rooms)}</legend>
                <Rule
                    policy
                    label=text!(t, school.student_makes_public)
                    rule=|policy| &mut policy.student_makes_public
                />
                <Rule
                    policy
                    label=text!(t, school.student_makes_private)
                    rule=|policy| &mut policy.student_makes_private
                />
                <Rule
                    policy
                    label=text!(t, school.teacher_makes_public)
                    rule=|policy| &mut policy.teacher_makes_public
                />
                <Rule
                    policy
                    label=text!(t, school.teacher_makes_private)
                    rule=|policy| &mut policy.teacher_makes_private
                />
            </fieldset>
            <button type="submit" class="button primary" disabled=move || said.is_busy.get()>
                {text!(t, school.save)}
            </button>
            <Told said />
        </form>
    }
    .into_any()
}

/// One rule: a box that is ticked where it is allowed.
#[component]
fn Rule(
    /// All of them.
    policy: RwSignal<Policy>,
    /// What it allows.
    label: String,
    /// Which one.
    rule: fn(&mut Policy) -> &mut bool,
) -> impl IntoView {
    let is_allowed = move || *rule(&mut policy.get());
    let is_allowed_at_first = *rule(&mut policy.get_untracked());
    view! {
        <label class="choice">
            <input
                type="checkbox"
                checked=is_allowed_at_first
                prop:checked=is_allowed
                on:change=move |ev| {
                    let is_ticked = event_target_checked(&ev);
                    policy.update(|policy| *rule(policy) = is_ticked);
                }
            />
            <span>{label}</span>
        </label>
    }
}
