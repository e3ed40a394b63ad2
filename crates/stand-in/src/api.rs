//! What the server behind a provider does with objects.

use std::collections::BTreeMap;

use crate::shape::Shape;
use crate::store::Store;
use crate::value::Object;

/// Why the server, or the provider before it, takes something not.
pub(crate) type Refusal = String;

/// Everything that a provider has.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    /// The arguments of the `provider` block.
    pub(crate) provider: Shape,
    pub(crate) resources: BTreeMap<String, Shape>,
    pub(crate) data_sources: BTreeMap<String, Shape>,
    pub(crate) ephemerals: BTreeMap<String, Shape>,
}

/// A server, and what its provider sends it.
///
/// An object that is given has the attributes that are written or have a default; one that is answered has all that
/// the provider reads back.
pub(crate) trait Api: Send + std::fmt::Debug {
    /// Everything that the provider has.
    fn shapes(&self) -> &Shapes;

    /// Puts into an empty store what a fresh server has.
    fn begin(&self, store: &mut Store) -> Result<(), Refusal>;

    /// What the provider refuses before it asks the server: what is wrong with `written`, of which some may be unknown.
    fn check(&self, shape: &Shape, written: &Object) -> Vec<Refusal>;

    /// The attributes of a resource type that cannot be changed, only made again.
    fn fixed(&self, name: &str) -> &'static [&'static str];

    /// Makes an object, and tells its id.
    fn create(&self, store: &mut Store, name: &str, given: &Object) -> Result<String, Refusal>;

    /// Changes the object `id`, and tells the id that it has then.
    fn update(&self, store: &mut Store, name: &str, id: &str, given: &Object) -> Result<String, Refusal>;

    /// The object `id`; `prior` is what the state remembers of it.
    fn read(&self, store: &Store, name: &str, id: &str, prior: &Object) -> Option<Object>;

    /// Deletes the object `id`.
    fn delete(&self, store: &mut Store, name: &str, id: &str) -> Result<(), Refusal>;

    /// What a data source, or an ephemeral resource, finds.
    fn look_up(&self, store: &Store, name: &str, given: &Object) -> Result<Object, Refusal>;
}
