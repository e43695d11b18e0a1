//! A school's colour, and what makes any colour readable: contrast as WCAG 2.2 counts it.

use serde::{Deserialize, Serialize};

/// What text needs on its ground.
pub const TEXT_CONTRAST: f64 = 4.5;

/// The luminance of the darkest ground that coloured text stands on in light, a little below that of `--bubble-mine`.
const LIGHT_GROUND: f64 = 0.76;
/// That of the lightest such ground in dark, a little above.
const DARK_GROUND: f64 = 0.055;
/// A colour with less of it than this is a grey, and has no hue to speak of.
const GREY: f64 = 0.02;
/// Parts of the way from one colour to another.
const STEPS: u16 = 32;

const BLACK: Colour = Colour([0, 0, 0]);
const WHITE: Colour = Colour([255, 255, 255]);

/// Red, green and blue; written `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour([u8; 3]);

impl Colour {
    /// The colour of that word, `#rrggbb`.
    pub fn of(word: &str) -> Option<Self> {
        let digits = word.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// The light it gives, from 0 to 1.
    pub fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn linear(self) -> [f64; 3] {
        self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        })
    }

    /// Black or white, whichever is read better on it: always at least [`TEXT_CONTRAST`].
    pub fn text_on(self) -> Self {
        let ground = self.luminance();
        if contrast(ground, 1.0) >= contrast(ground, 0.0) {
            WHITE
        } else {
            BLACK
        }
    }

    /// It, or the nearest on the way to black that is read on the light theme's grounds.
    pub fn text_in_light(self) -> Self {
        self.towards(BLACK, |luminance| contrast(luminance, LIGHT_GROUND))
    }

    /// It, or the nearest on the way to white that is read on the dark theme's grounds.
    pub fn text_in_dark(self) -> Self {
        self.towards(WHITE, |luminance| contrast(luminance, DARK_GROUND))
    }

    fn towards(self, end: Self, read: impl Fn(f64) -> f64) -> Self {
        let mut on_the_way = (0..=STEPS).map(|step| self.mixed(end, step));
        on_the_way
            .find(|colour| read(colour.luminance()) >= TEXT_CONTRAST)
            .unwrap_or(end)
    }

    /// So many parts of the way to another colour.
    fn mixed(self, other: Self, step: u16) -> Self {
        let [red, green, blue] = self.0;
        let [to_red, to_green, to_blue] = other.0;
        let part = |from: u8, to: u8| {
            let sum = u16::from(from) * (STEPS - step) + u16::from(to) * step;
            u8::try_from(sum / STEPS).unwrap_or(u8::MAX)
        };
        Self([
            part(red, to_red),
            part(green, to_green),
            part(blue, to_blue),
        ])
    }

    /// What a button turns to that is pointed at: further from the text on it, so that this stays readable.
    pub fn pressed(self) -> Self {
        let away = if self.text_on() == WHITE {
            BLACK
        } else {
            WHITE
        };
        self.mixed(away, STEPS / 8)
    }

    /// Its hue in OKLCH, in degrees; none for greys.
    pub fn hue(self) -> Option<f64> {
        let [red, green, blue] = self.linear();
        let long = (0.412_221_5 * red + 0.536_332_5 * green + 0.051_446 * blue).cbrt();
        let middle = (0.211_903_5 * red + 0.680_699_5 * green + 0.107_397 * blue).cbrt();
        let short = (0.088_302_5 * red + 0.281_718_8 * green + 0.629_978_7 * blue).cbrt();
        let a = 1.977_998_5 * long - 2.428_592_2 * middle + 0.450_593_7 * short;
        let b = 0.025_904 * long + 0.782_771_8 * middle - 0.808_675_8 * short;
        (a.hypot(b) > GREY).then(|| b.atan2(a).to_degrees().rem_euclid(360.0))
    }

    /// The tokens that follow from it, for a style sheet.
    pub fn tokens(self) -> String {
        let hue = self.hue().map(|hue| format!("--hue:{hue:.0};"));
        let (light, dark) = (self.text_in_light(), self.text_in_dark());
        format!(
            ":root{{{}--accent:{self};--accent-hover:{};--on-accent:{};--accent-text:light-dark({light},{dark});--focus:light-dark({light},{dark})}}",
            hue.unwrap_or_default(),
            self.pressed(),
            self.text_on()
        )
    }
}

/// How much two luminances differ to the eye, from 1 to 21.
pub fn contrast(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> Self {
        colour.to_string()
    }
}

impl TryFrom<String> for Colour {
    type Error = &'static str;

    fn try_from(word: String) -> Result<Self, Self::Error> {
        Self::of(&word).ok_or("a colour is written #rrggbb")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_read_back_from_its_word() {
        for word in ["#000000", "#ffffff", "#1a2b3c"] {
            assert_eq!(Colour::of(word).unwrap().to_string(), word);
        }
        assert_eq!(Colour::of("#ABCDEF").unwrap().to_string(), "#abcdef");
        for wrong in [
            "",
            "123456",
            "#12345",
            "#1234567",
            "#12345g",
            "#+12345",
            "red",
            "#ääääää",
        ] {
            assert_eq!(Colour::of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn luminance_and_contrast_are_those_of_the_standard() {
        assert!((contrast(WHITE.luminance(), BLACK.luminance()) - 21.0).abs() < 0.01);
        let grey = Colour::of("#767676").unwrap();
        let on_white = contrast(grey.luminance(), 1.0);
        assert!((on_white - 4.54).abs() < 0.01, "{on_white}");
    }

    #[test]
    fn any_colour_stays_readable() {
        let parts = [0_u8, 25, 51, 90, 119, 128, 160, 200, 230, 255];
        for red in parts {
            for green in parts {
                for blue in parts {
                    let colour = Colour([red, green, blue]);
                    let on = |one: Colour, other: f64| contrast(one.luminance(), other);
                    let text = colour.text_on();
                    assert!(on(text, colour.luminance()) >= TEXT_CONTRAST, "{colour}");
                    let pressed = colour.pressed();
                    assert!(on(text, pressed.luminance()) >= TEXT_CONTRAST, "{colour}");
                    assert!(on(colour.text_in_light(), LIGHT_GROUND) >= TEXT_CONTRAST);
                    assert!(on(colour.text_in_dark(), DARK_GROUND) >= TEXT_CONTRAST);
                }
            }
        }
    }

    #[test]
    fn what_is_readable_stays_as_it_is() {
        let navy = Colour::of("#002b5c").unwrap();
        assert_eq!(navy.text_in_light(), navy);
        assert_ne!(navy.text_in_dark(), navy);
        let yellow = Colour::of("#ffe14d").unwrap();
        assert_eq!(yellow.text_in_dark(), yellow);
        assert_eq!(yellow.text_on(), BLACK);
    }

    #[test]
    fn a_hue_is_that_of_oklch_and_greys_have_none() {
        let hue = |word| Colour::of(word).unwrap().hue();
        for (word, degrees) in [("#ff0000", 29.2), ("#00ff00", 142.5), ("#0000ff", 264.1)] {
            assert!((hue(word).unwrap() - degrees).abs() < 0.5, "{word}");
        }
        assert_eq!(hue("#808080"), None);
        assert!(
            Colour::of("#808080")
                .unwrap()
                .tokens()
                .starts_with(":root{--accent:#808080;")
        );
    }
}
