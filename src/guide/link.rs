//! Where each link of a document leads.
//!
//! Takes links as written, gives [`Destination`]s; a link that leads nowhere is a finding at the
//! place where it is written. Files beside a page are published with it when it links to them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Drafts, Glossary, Question, QuestionId, glossary};
use crate::config::Bounds;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::document::{Document, Link, LinkKind, Matter, Written};
use crate::path::{ContentPath, OutputPath, UrlPath};
use crate::source::Sources;
use crate::text::{SUGGESTIONS, Span, nearest, only_near};

/// A resolved link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A page of the site, or a heading of it.
    Page {
        /// The page.
        url: UrlPath,
        /// The heading's id.
        anchor: Option<String>,
    },
    /// Another site, or mail.
    External(String),
    /// A file beside the page, published with it.
    File(UrlPath),
    /// A picture.
    Picture(Picture),
    /// It was wrong, and has been reported.
    Nowhere,
}

/// A picture beside a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Pixels, published as a file of its own.
    Raster {
        /// Where it is published.
        url: UrlPath,
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
    },
    /// A drawing, put into the page so that it has the page's colours.
    Drawing {
        /// The SVG text as the author wrote it.
        svg: Arc<str>,
        /// Its name, to keep its ids apart from others on the page.
        name: String,
    },
    /// A picture on another site: shown as a link, because a page loads nothing from elsewhere.
    Elsewhere(String),
}

/// Which pages there are, and which headings they have.
pub(super) struct Catalogue<'a> {
    pages: BTreeMap<&'a ContentPath, Entry<'a>>,
    glossary: &'a Glossary,
    /// Files that are there and could not be read.
    unread: &'a BTreeSet<ContentPath>,
    drafts: Drafts,
    help_wanted: Option<UrlPath>,
}

struct Entry<'a> {
    url: UrlPath,
    document: &'a Document,
}

impl<'a> Catalogue<'a> {
    pub(super) fn new(
        documents: &'a [Arc<Document>],
        glossary: &'a Glossary,
        unread: &'a BTreeSet<ContentPath>,
        drafts: Drafts,
        help_wanted: Option<UrlPath>,
    ) -> Self {
        let entry = |document: &'a Arc<Document>| {
            let url = match &document.matter {
                Matter::Question(matter) => format!("/questions/{}/", matter.slug),
                Matter::Guide(matter) => format!("/guide/{}/", matter.slug),
            };
            (document.source.path(), Entry { url: UrlPath::new(&url), document })
        };
        let pages = documents.iter().map(entry).collect();
        Self { pages, glossary, unread, drafts, help_wanted }
    }

    /// The anchor on a page that an author means by a fragment.
    fn anchor(&self, document: &Document, fragment: &str) -> Option<String> {
        if glossary::is_page(document)
            && let Some(term) = self.glossary.entries.iter().find(|term| term.slug == fragment)
        {
            return Some(term.anchor());
        }
        let headings = &document.body.headings;
        let by_id = headings.iter().find(|heading| {
            heading.id == fragment
                || heading.written_id.as_deref() == Some(fragment)
                || heading.id.strip_prefix("h-") == Some(fragment)
        });
        // The rubric and the sources stand in front matter and have a heading all the same.
        let has_section = match (&document.matter, fragment) {
            (Matter::Question(matter), "rubric") => !matter.rubric.is_empty(),
            (Matter::Question(matter), "sources") => !matter.sources.is_empty(),
            (Matter::Question(_) | Matter::Guide(_), _) => false,
        };
        match by_id {
            Some(heading) => Some(heading.id.clone()),
            None => has_section.then(|| fragment.to_owned()),
        }
    }
}

/// The files of the project that pages may publish.
pub(super) struct Files<'a> {
    pub(super) sources: &'a Sources,
    pub(super) bounds: &'a Bounds,
}

/// What resolving a document gives.
#[derive(Default)]
pub(super) struct Resolved {
    pub(super) destinations: BTreeMap<usize, Destination>,
    pub(super) attachments: BTreeMap<UrlPath, (ContentPath, Arc<[u8]>)>,
}

/// Resolves every link of a document.
pub(super) fn resolve(
    document: &Arc<Document>,
    url: &UrlPath,
    catalogue: &Catalogue<'_>,
    files: &Files<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Resolved {
    let mut resolver = Resolver {
        document,
        url,
        catalogue,
        files,
        resolved: Resolved::default(),
        drawing_bytes: 0,
        suggestions: 0,
    };
    for link in &document.body.links {
        let destination = resolver.destination(link).unwrap_or_else(|diagnostic| {
            diagnostics.extend(diagnostic.map(|diagnostic| *diagnostic));
            Destination::Nowhere
        });
        resolver.resolved.destinations.insert(link.event, destination);
    }
    resolver.resolved
}

struct Resolver<'a> {
    document: &'a Arc<Document>,
    url: &'a UrlPath,
    catalogue: &'a Catalogue<'a>,
    files: &'a Files<'a>,
    resolved: Resolved,
    /// Bytes of the drawings shown so far.
    drawing_bytes: usize,
    /// How many broken links have been compared with everything there is.
    suggestions: usize,
}

/// The name of the question that a file is, whatever it holds.
pub(super) fn question(path: &ContentPath) -> Option<&str> {
    let inside = path.as_str().strip_prefix("content/questions/")?;
    let name = inside.strip_suffix(".md")?;
    name.strip_suffix("/index").unwrap_or(name).rsplit('/').next()
}

/// The list whose page is made by askbook, like that of the glossary.
const WANTED: &str = "content/wanted.toml";

/// A finding, or none if the link has been reported when it was parsed.
type Refused = Option<Box<Diagnostic>>;

impl Resolver<'_> {
    fn refuse(&self, code: Code, link: &Link, message: String, help: &str) -> Refused {
        let place = self.document.place(link.span);
        Some(Box::new(Diagnostic::at(code, place, message).help(help)))
    }

    fn destination(&mut self, link: &Link) -> Result<Destination, Refused> {
        match (&link.written, link.kind) {
            (Written::External(url), LinkKind::Link) => Ok(Destination::External(url.clone())),
            (Written::External(url), LinkKind::Picture) => {
                Ok(Destination::Picture(Picture::Elsewhere(url.clone())))
            }
            (Written::Relative { path, fragment }, kind) => {
                if path.is_empty() && fragment.is_none() || path.starts_with('/') {
                    // An empty destination is what the boundary leaves of a forbidden scheme.
                    return match path.is_empty() {
                        true => Err(self.refuse_empty(link)),
                        false => Err(None),
                    };
                }
                match kind {
                    LinkKind::Link => self.page_or_file(link, path, fragment.as_deref()),
                    LinkKind::Picture => self.picture(link, path),
                }
            }
        }
    }

    fn refuse_empty(&self, link: &Link) -> Refused {
        let text = &self.document.source.text()[link.span.range()];
        // Links that lost a forbidden scheme still show it in the text and are already reported.
        if text.contains("()") || text.contains("(<>)") {
            self.refuse(
                Code::LinkBroken,
                link,
                "the link leads nowhere".to_owned(),
                "name a file or an address",
            )
        } else {
            None
        }
    }

    fn target(&self, link: &Link, path: &str) -> Result<ContentPath, Refused> {
        self.document.source.path().resolve(path).ok_or_else(|| {
            let message = format!("`{path}` leads out of the project");
            self.refuse(Code::LinkBroken, link, message, "link to a file of the guide")
        })
    }

    fn page_or_file(
        &mut self,
        link: &Link,
        path: &str,
        fragment: Option<&str>,
    ) -> Result<Destination, Refused> {
        let target = match path {
            "" => self.document.source.path().clone(),
            _ => self.target(link, path)?,
        };
        if target.as_str() == WANTED
            && let Some(url) = &self.catalogue.help_wanted
        {
            return Ok(Destination::Page { url: url.clone(), anchor: None });
        }
        let Some(entry) = self.catalogue.pages.get(&target) else {
            return match target.extension() {
                "md" => Err(self.broken(link, path, &target)),
                _ => self.attach(link, path, &target).map(Destination::File),
            };
        };
        // Whatever has a link is part of the site: a draft has one only if drafts are.
        if entry.document.is_draft() && self.catalogue.drafts == Drafts::Excluded {
            let message = format!("`{target}` is a draft");
            let help = "publish it (`status = \"reviewed\"`) or take the link out";
            return Err(self.refuse(Code::LinkDraft, link, message, help));
        }
        let anchor = match fragment {
            None | Some("") => None,
            Some(fragment) => match self.catalogue.anchor(entry.document, fragment) {
                Some(anchor) => Some(anchor),
                None => return Err(self.unknown_anchor(link, entry.document, fragment)),
            },
        };
        Ok(Destination::Page { url: entry.url.clone(), anchor })
    }

    /// Whether another mistake may be compared with everything that there is.
    fn may_suggest(&mut self) -> bool {
        self.suggestions += 1;
        self.suggestions <= SUGGESTIONS
    }

    fn broken(&mut self, link: &Link, written: &str, target: &ContentPath) -> Refused {
        if self.catalogue.unread.contains(target) {
            return None;
        }
        let message = format!("there is no file `{target}`");
        let help = match link.kind {
            LinkKind::Link => "links between pages are relative paths to the `.md` file",
            LinkKind::Picture => "put the picture into the page's own folder",
        };
        if !self.may_suggest() {
            return self.refuse(Code::LinkBroken, link, message, help);
        }
        let known: BTreeSet<&str> = self
            .catalogue
            .pages
            .keys()
            .map(|path| path.as_str())
            .chain(self.files.sources.attachments.keys().map(ContentPath::as_str))
            .collect();
        // Names are compared, not paths: folders that are the same would make up for names that are not.
        // The same name in another folder is the commonest slip.
        let mut paths: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for path in known {
            paths.entry(name(path)).or_default().push(path);
        }
        let names = || paths.keys().map(String::as_str);
        let wanted = name(target.as_str());
        let folder = self.document.source.path().folder();
        let near = nearest(&wanted, names()).and_then(|near| paths[near].first());
        let near = near.map(|near| relative(folder, near));
        let only = match paths.get(&wanted) {
            Some(same) => Some(same),
            None => only_near(&wanted, names()).map(|near| &paths[near]),
        };
        let only = only.and_then(|paths| if let [only] = paths[..] { Some(only) } else { None });
        let place = self.document.place(link.span);
        let diagnostic = Diagnostic::at(Code::LinkBroken, place, message)
            .suggest(near.as_deref(), || help.to_owned());
        let only = only.map(|only| relative(folder, only));
        Some(Box::new(self.respelled(diagnostic, link, written, only)))
    }

    fn unknown_anchor(&mut self, link: &Link, document: &Document, fragment: &str) -> Refused {
        if glossary::is_page(document) {
            return self.unknown_term(link, document, fragment);
        }
        let known: Vec<&str> = document
            .body
            .headings
            .iter()
            .map(|heading| heading.id.strip_prefix("h-").unwrap_or(&heading.id))
            .collect();
        let message = format!("`{}` has no heading `#{fragment}`", document.source.path());
        if !self.may_suggest() {
            return self.refuse(Code::LinkAnchor, link, message, "link to a heading that is there");
        }
        let place = self.document.place(link.span);
        let diagnostic = Diagnostic::at(Code::LinkAnchor, place, message)
            .suggest(nearest(fragment, known.iter().copied()), || {
                format!("known: {}", crate::table::backticked(&known))
            });
        let only = only_near(fragment, known.iter().copied());
        let only = only.map(|near| format!("#{near}"));
        Some(Box::new(self.respelled(diagnostic, link, &format!("#{fragment}"), only)))
    }

    /// Adds the fix that writes the only possible destination, if it is certain where the one
    /// written stands: a link by reference has it elsewhere, and a text may hold it a second time.
    fn respelled(
        &self,
        diagnostic: Diagnostic,
        link: &Link,
        written: &str,
        only: Option<String>,
    ) -> Diagnostic {
        let text = &self.document.source.text()[link.span.range()];
        let at: Vec<usize> = text.match_indices(written).map(|(at, _)| at).collect();
        match (only, &at[..]) {
            (Some(only), [at]) => {
                let start = link.span.start + at;
                let span = Span { start, end: start + written.len() };
                diagnostic.fix(Fix::replace(format!("write `{only}`"), span, only))
            }
            (_, _) => diagnostic,
        }
    }

    fn unknown_term(&mut self, link: &Link, page: &Document, fragment: &str) -> Refused {
        if self.catalogue.unread.contains(page.source.path()) {
            return None;
        }
        let message = format!("the glossary has no term `#{fragment}`");
        let help = "add it to `content/glossary.toml`";
        if !self.may_suggest() {
            return self.refuse(Code::GlossaryUnknown, link, message, help);
        }
        let known = self.catalogue.glossary.entries.iter().map(|term| term.slug.as_str());
        let diagnostic =
            Diagnostic::at(Code::GlossaryUnknown, self.document.place(link.span), message)
                .suggest(nearest(fragment, known), || help.to_owned());
        Some(Box::new(diagnostic))
    }

    /// Publishes a file that stands beside the page; gives its address.
    fn attach(
        &mut self,
        link: &Link,
        written: &str,
        target: &ContentPath,
    ) -> Result<UrlPath, Refused> {
        let Some(bytes) = self.files.sources.attachments.get(target) else {
            return Err(self.broken(link, written, target));
        };
        let folder = format!("{}/", self.document.source.path().folder());
        let Some(name) = target.as_str().strip_prefix(&folder) else {
            let message = format!("`{target}` does not stand beside the page");
            let help = "put a file that a page shows into the page's own folder";
            return Err(self.refuse(Code::LinkBroken, link, message, help));
        };
        let limit = self.files.bounds.attachment_bytes;
        if bytes.len() > limit {
            let message = format!("`{target}` holds {} bytes, more than {limit}", bytes.len());
            let help = "make it smaller, or raise `limits.attachment_bytes`";
            return Err(self.refuse(Code::FileTooLarge, link, message, help));
        }
        let url = UrlPath::new(&format!("{}{name}", self.url));
        let limit = self.files.bounds.path_bytes;
        let checked = OutputPath::new(url.output().as_str());
        let checked = checked.and_then(|path| match path.as_str().len() > limit {
            true => Err(format!("is longer than {limit} bytes")),
            false => Ok(path),
        });
        if let Err(reason) = checked {
            let message = format!("the path of `{target}` {reason}");
            return Err(self.refuse(Code::FileName, link, message, "rename the file"));
        }
        self.resolved.attachments.insert(url.clone(), (target.clone(), Arc::clone(bytes)));
        Ok(url)
    }

    fn picture(&mut self, link: &Link, path: &str) -> Result<Destination, Refused> {
        let target = self.target(link, path)?;
        let extension = target.extension().to_ascii_lowercase();
        if extension == "svg" {
            return self.drawing(link, path, &target);
        }
        let url = self.attach(link, path, &target)?;
        let bytes = &self.files.sources.attachments[&target];
        let kind = imagesize::image_type(bytes).ok();
        let is_as_named = match (extension.as_str(), &kind) {
            ("png", Some(imagesize::ImageType::Png))
            | ("jpg" | "jpeg", Some(imagesize::ImageType::Jpeg))
            | ("gif", Some(imagesize::ImageType::Gif))
            | ("webp", Some(imagesize::ImageType::Webp)) => true,
            ("avif", Some(imagesize::ImageType::Heif(compression))) => {
                *compression == imagesize::Compression::Av1
            }
            (_, _) => false,
        };
        let size = imagesize::blob_size(bytes).ok().filter(|_| is_as_named);
        let Some(size) = size else {
            let message = format!("`{target}` is not a picture of the kind that its name says");
            let help = "save it as SVG, PNG, JPEG, GIF, WebP or AVIF";
            return Err(self.refuse(Code::PictureFormat, link, message, help));
        };
        let limit = self.files.bounds.picture_pixels;
        if size.width.max(size.height) > limit {
            let message = format!(
                "`{target}` has {} × {} pixels, more than {limit}",
                size.width, size.height
            );
            let help = "make it smaller, or raise `limits.picture_pixels`";
            return Err(self.refuse(Code::PictureTooLarge, link, message, help));
        }
        Ok(Destination::Picture(Picture::Raster { url, width: size.width, height: size.height }))
    }

    fn drawing(
        &mut self,
        link: &Link,
        written: &str,
        target: &ContentPath,
    ) -> Result<Destination, Refused> {
        // The page holds the drawing itself; the file is for those who read the page as Markdown.
        self.attach(link, written, target)?;
        let bytes = &self.files.sources.attachments[target];
        let Ok(svg) = std::str::from_utf8(bytes) else {
            let message = format!("`{target}` is not text in UTF-8");
            return Err(self.refuse(Code::PictureFormat, link, message, "save it as UTF-8"));
        };
        if let Err(problem) = crate::drawing::rewrite(svg, "check") {
            let message = format!("`{target}` {}", problem.message);
            let code = if problem.is_unsafe { Code::PictureUnsafe } else { Code::PictureFormat };
            return Err(self.refuse(code, link, message, &problem.help));
        }
        // Each place that shows a drawing holds all of it.
        self.drawing_bytes += svg.len();
        let limit = self.files.bounds.attachment_bytes;
        if self.drawing_bytes > limit {
            let message =
                format!("the drawings of this page hold more than {limit} bytes together");
            let help = "show fewer, or raise `limits.attachment_bytes`";
            return Err(self.refuse(Code::FileTooLarge, link, message, help));
        }
        let name = crate::slug::slugify(target.file_stem());
        Ok(Destination::Picture(Picture::Drawing { svg: svg.into(), name }))
    }
}

/// What a file is called: a page that has a folder of its own is called by that.
fn name(path: &str) -> String {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    match file {
        "index.md" => format!("{}.md", folder.rsplit('/').next().unwrap_or_default()),
        _ => file.to_owned(),
    }
}

/// The relative path from a folder to a file, both of the project.
fn relative(folder: &str, file: &str) -> String {
    let from: Vec<&str> = folder.split('/').collect();
    let to: Vec<&str> = file.split('/').collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = "../".repeat(from.len() - shared);
    format!("{up}{}", to[shared..].join("/"))
}

/// Which questions name or link to each, in the order of questions.
pub(super) fn set_backlinks(questions: &mut [Question]) {
    let by_url: BTreeMap<UrlPath, QuestionId> = questions
        .iter()
        .enumerate()
        .map(|(index, question)| (question.url.clone(), QuestionId(index)))
        .collect();
    let mut backlinks: Vec<BTreeSet<QuestionId>> = vec![BTreeSet::new(); questions.len()];
    for (index, question) in questions.iter().enumerate() {
        let in_text = question.destinations.values().filter_map(|destination| match destination {
            Destination::Page { url, .. } => by_url.get(url).copied(),
            Destination::External(_)
            | Destination::File(_)
            | Destination::Picture(_)
            | Destination::Nowhere => None,
        });
        for target in in_text.chain(question.related.iter().copied()) {
            if target.0 != index {
                backlinks[target.0].insert(QuestionId(index));
            }
        }
    }
    for (question, backlinks) in questions.iter_mut().zip(backlinks) {
        question.backlinks = backlinks.into_iter().collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_leads_where_it_should() {
        for (folder, file, link) in [
            ("content/guide", "content/guide/a.md", "a.md"),
            ("content/guide", "content/questions/sql/a.md", "../questions/sql/a.md"),
            ("content/questions/sql/a", "content/questions/sql/b.md", "../b.md"),
        ] {
            assert_eq!(relative(folder, file), link);
            let from = ContentPath::new(&format!("{folder}/from.md"));
            assert_eq!(from.resolve(link), Some(ContentPath::new(file)));
        }
    }
}
