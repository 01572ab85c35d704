//! Pages from views: one output of the plan becomes bytes.
//!
//! Takes a [`Site`] and an output, gives HTML before minifying. What a template may know of the
//! guide is what [`view`] holds; adding a field for templates means adding it there.

mod frame;
mod glossary;
mod help_wanted;
mod inputs;
mod listed;
mod lists;
mod matrix;
mod question;
mod structured;
pub mod view;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use tera::{Context, Value};

use self::frame::Furniture;
pub use self::inputs::Inputs;
use self::listed::Listed;
use crate::cache::Cache;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::export;
use crate::guide::{Guide, QuestionId, Taxonomy, Term};
use crate::markup::Title;
use crate::path::UrlPath;
use crate::plan::{Content, Output};
use crate::theme::Theme;

/// Everything that pages are made from.
pub struct Site<'a> {
    /// The guide.
    pub guide: &'a Guide,
    /// Its settings.
    pub config: &'a Config,
    /// Its theme.
    pub theme: &'a Theme,
    /// Coloured code of this and earlier builds.
    pub cache: &'a Cache,
    /// Titles of questions as HTML and as text, by id: every list shows them.
    titles: Vec<OnceLock<Title>>,
    listed: OnceLock<Listed>,
    /// By what addresses begin with, and by part of the site.
    furniture: BTreeMap<(String, &'static str), OnceLock<Furniture>>,
    /// Words of the interface as templates see them, the same on every page.
    words: Value,
}

impl<'a> Site<'a> {
    /// Puts together what pages are made from.
    pub fn new(guide: &'a Guide, config: &'a Config, theme: &'a Theme, cache: &'a Cache) -> Self {
        let titles = guide.questions.iter().map(|_| OnceLock::new()).collect();
        let words = Value::from_serializable(theme.strings.all());
        Self {
            guide,
            config,
            theme,
            cache,
            titles,
            listed: OnceLock::new(),
            furniture: frame::furniture(),
            words,
        }
    }

    fn furniture(&self, base: &Base, part: &'static str) -> Furniture {
        let make = || Furniture::of(self, base, part);
        match self.furniture.get(&(base.prefix.clone(), part)) {
            Some(place) => place.get_or_init(make).clone(),
            None => make(),
        }
    }

    fn listed(&self) -> &Listed {
        self.listed.get_or_init(|| Listed::of(self.guide))
    }

    fn title(&self, id: QuestionId) -> &Title {
        let title = || Title::new(&self.guide.question(id).matter().title.value);
        self.titles[id.index()].get_or_init(title)
    }

    fn text<'k>(&'k self, key: &'k str) -> &'k str {
        self.theme.strings.text(key)
    }
}

/// How a page writes addresses of the site.
#[derive(Clone, Debug)]
pub struct Base {
    /// What stands in front of an address without its first slash: `../../`, or `/guide/` for the
    /// page that is served for any address.
    pub prefix: String,
}

impl Base {
    fn of(config: &Config, output: &Output) -> Self {
        match output.content {
            Content::NotFound | Content::Unreachable => Self { prefix: config.base_path() },
            _ => Self::at(output.url.as_str().matches('/').count() - 1),
        }
    }

    /// That of pages so many folders below the root.
    fn at(depth: usize) -> Self {
        Self { prefix: if depth == 0 { "./".to_owned() } else { "../".repeat(depth) } }
    }

    /// The list of all questions, narrowed down to terms: the addresses that its filters write.
    pub fn filtered(&self, terms: &[(Taxonomy, &Term)]) -> String {
        let filters: Vec<String> = terms
            .iter()
            .map(|(taxonomy, term)| format!("{}={}", taxonomy.singular(), term.slug))
            .collect();
        format!("{}?{}", self.to(&UrlPath::new("/questions/")), filters.join("&"))
    }

    /// An address as the page writes it.
    pub fn to(&self, url: &UrlPath) -> String {
        format!("{}{}", self.prefix, &url.as_str()[1..])
    }
}

/// Makes one output.
///
/// # Errors
///
/// `theme/template` when a template fails.
pub fn render(site: &Site<'_>, output: &Output) -> Result<Arc<[u8]>, Box<Diagnostic>> {
    let base = Base::of(site.config, output);
    let mut context = Context::new();
    let template = match &output.content {
        Content::File(bytes) => return Ok(Arc::clone(bytes)),
        Content::Twin(id) => {
            let text = export::twin(site.guide, site.guide.question(*id));
            return Ok(text.into_bytes().into());
        }
        Content::Export(format) => {
            return Ok(format.text(site.guide, site.config).into_bytes().into());
        }
        Content::Home => {
            context.insert("home", &lists::home(site, &base));
            "templates/home.html"
        }
        Content::Questions(paging) => {
            context.insert("listing", &lists::all_questions(site, &base, paging));
            "templates/questions.html"
        }
        Content::Question(id) => {
            context.insert("question", &question::question(site, &base, *id));
            "templates/question.html"
        }
        Content::Index(taxonomy) => {
            context.insert("index", &lists::index(site, &base, *taxonomy));
            "templates/index.html"
        }
        Content::Term(taxonomy, term, paging) => {
            context.insert("term", &lists::term(site, &base, *taxonomy, *term, paging));
            "templates/term.html"
        }
        Content::Matrix => {
            context.insert("matrix", &matrix::matrix(site, &base));
            "templates/matrix.html"
        }
        Content::HelpWanted => {
            context.insert("help", &help_wanted::page(site, &base));
            "templates/help_wanted.html"
        }
        Content::GuidePages => {
            context.insert("guides", &lists::guides(site, &base));
            "templates/guides.html"
        }
        Content::GuidePage(index) if site.guide.pages[*index].is_glossary() => {
            context.insert("glossary", &glossary::page(site, &base, *index));
            "templates/glossary.html"
        }
        Content::GuidePage(index) => {
            context.insert("guide", &question::guide_page(site, &base, *index));
            "templates/guide.html"
        }
        Content::Search => {
            context.insert("listing", &lists::everything(site, &base));
            context.insert("facets", &lists::facets(site, &base));
            "templates/search.html"
        }
        Content::YourData => "templates/your_data.html",
        Content::NotFound => "templates/not_found.html",
        Content::Unreachable => "templates/offline.html",
        Content::SearchRoot | Content::Worker | Content::Keepable => {
            unreachable!("no page, and made elsewhere")
        }
        Content::Redirect(index) => {
            let redirect = &site.guide.redirects[*index];
            let view = view::Redirect {
                url: base.to(&redirect.to),
                title: Title::new(&redirect.title).text,
            };
            context.insert("redirect", &view);
            "templates/redirect.html"
        }
    };
    frame::insert(site, output, &base, &mut context);
    let html = site.theme.render(template, &context, output.url.as_str())?;
    Ok(html.into_bytes().into())
}
