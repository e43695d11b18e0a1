//! The three layers on top of each other, and the mistakes found on the way.

use leptos::config::LeptosOptions;

use super::{
    file::{self, File},
    leptos_options,
    mistake::{Mistake, Origin},
    secret,
    source::Source,
    suggest,
    table::{self, Setting},
};
use crate::model::Desks;

/// A setting's value before it is read, and where it was given.
pub(super) struct Found {
    /// As written.
    pub(super) text: String,
    /// Where.
    pub(super) origin: Origin,
}

/// All layers, read but not yet checked value by value.
pub(super) struct Layers<'a> {
    source: &'a Source,
    file: File,
    /// Everything wrong so far, in the order in which it was found.
    pub(super) mistakes: Vec<Mistake>,
}

impl<'a> Layers<'a> {
    /// Reads the file and notes every name that nobody knows.
    pub(super) fn read(source: &'a Source) -> Self {
        let mut layers = Self {
            source,
            file: File::default(),
            mistakes: Vec::new(),
        };
        layers.read_file();
        layers.check_variables();
        layers.check_secrets();
        layers
    }

    /// The setting's value as written: the variable's, else the file's, else the default. Empty counts as absent.
    pub(super) fn find(&self, setting: &Setting) -> Found {
        let variable = self.source.env.get(setting.env).map(|text| text.trim());
        let in_file = self.file.values.get(setting.name).map(|text| text.trim());
        let (text, origin) = match (variable, in_file) {
            (Some(text), _) if !text.is_empty() => (text, Origin::Env(setting.env.to_owned())),
            (_, Some(text)) if !text.is_empty() => (text, self.file_origin()),
            _ => return self.default_of(setting),
        };
        Found {
            text: text.to_owned(),
            origin,
        }
    }

    /// The setting's value as `parse` reads it; none where it cannot, which is noted.
    pub(super) fn get<T>(
        &mut self,
        setting: &Setting,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        match parse(&self.find(setting).text) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.mistake(setting, problem);
                None
            }
        }
    }

    /// Notes what is wrong with the setting's present value.
    pub(super) fn mistake(&mut self, setting: &Setting, problem: impl Into<String>) {
        let origin = self.find(setting).origin;
        self.note(setting.name, origin, problem);
    }

    /// The desks, which stand in the file alone.
    pub(super) fn desks(&self) -> &Desks {
        &self.file.desks
    }

    /// What Leptos reads of the file.
    pub(super) fn leptos(&mut self) -> Option<LeptosOptions> {
        match leptos_options::options(&self.file.leptos) {
            Ok(options) => Some(options),
            Err(problem) => {
                self.note("package.metadata.leptos", self.file_origin(), problem);
                None
            }
        }
    }

    fn read_file(&mut self) {
        let text = match &self.source.file {
            Ok(text) => text.as_deref().unwrap_or_default(),
            Err(problem) => return self.note("", self.file_origin(), problem),
        };
        self.file = file::read(text);
        for (name, problem) in std::mem::take(&mut self.file.problems) {
            self.note(&name, self.file_origin(), problem);
        }
    }

    fn check_variables(&mut self) {
        for name in &self.source.not_text {
            self.note(name, Origin::Env(name.clone()), "is not UTF-8 text");
        }
        for name in self.source.env.keys() {
            if !table::knows_variable(name) {
                let known = table::ALL.iter().map(|setting| setting.env);
                let hint = suggest::hint(name, known);
                let problem = format!("there is no such setting{hint}");
                self.note(name, Origin::Env(name.clone()), problem);
            }
        }
    }

    /// The settings file is copied, mailed and committed: a password in it would not stay one.
    fn check_secrets(&mut self) {
        let setting = &table::DATABASE_URL;
        let in_file = self.file.values.get(setting.name);
        if in_file.is_some_and(|url| secret::holds_password(url)) {
            let problem = format!(
                "holds a password, which the settings file must not: give the URL in {}",
                setting.env
            );
            self.note(setting.name, self.file_origin(), problem);
        }
    }

    /// The database stands in the data folder unless it is told otherwise; every other default is the table's.
    fn default_of(&self, setting: &Setting) -> Found {
        let text = if *setting == table::DATABASE_URL {
            let folder = self.find(&table::DATA_DIR).text;
            let folder = folder.trim_end_matches('/');
            // What would end the path within the URL.
            let folder = folder
                .replace('%', "%25")
                .replace('?', "%3F")
                .replace('#', "%23");
            format!("sqlite://{folder}/quad.db")
        } else {
            setting.default.to_owned()
        };
        Found {
            text,
            origin: Origin::Default,
        }
    }

    fn file_origin(&self) -> Origin {
        Origin::File(self.source.path.clone())
    }

    fn note(&mut self, setting: &str, origin: Origin, problem: impl Into<String>) {
        self.mistakes.push(Mistake {
            setting: setting.to_owned(),
            origin,
            problem: problem.into(),
        });
    }
}
