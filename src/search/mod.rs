//! Search: the index that browsers load piece by piece, and the same ranking in Rust.
//!
//! Takes the guide, gives the files of the index. `themes/folio/static/js/search-core.js` answers
//! queries from those files in the browser; [`query`] answers them here, with equal scores.

pub mod analysis;
mod encode;
mod expand;
mod files;
mod index;
mod part;
pub mod query;
mod read;
mod shown;
mod synonyms;
mod terms;
mod words;
mod write;

pub use index::{FILES, Index, index, root};
