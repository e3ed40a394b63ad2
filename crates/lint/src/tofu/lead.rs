//! Where a reference leads.

use diagnostic::Span;
use resolve_tofu::{Instance, Mode, Value};

use super::Root;

/// Where an argument, or an element of one, leads.
#[derive(Clone, Debug)]
pub enum Lead<'r, 'a> {
    /// Nowhere: it is not written, or null.
    Nowhere,
    /// To something that is written out: a UUID, a slug, a number.
    Literal(String),
    /// To an attribute of an instance.
    To(Led<'r, 'a>),
    /// No telling.
    Unknown,
}

/// An attribute of an instance.
#[derive(Clone, Debug)]
pub struct Led<'r, 'a> {
    /// The instance; it may be a data source.
    pub instance: &'r Instance<'a>,
    /// Which attribute: `id`.
    pub attribute: String,
}

impl<'r, 'a> Lead<'r, 'a> {
    /// The managed instance of type `kind` that it leads to.
    pub fn managed(&self, kind: &str) -> Option<&'r Instance<'a>> {
        self.instance().filter(|instance| instance.kind() == kind && instance.resource.mode == Mode::Managed)
    }

    /// The instance that it leads to.
    pub fn instance(&self) -> Option<&'r Instance<'a>> {
        match self {
            Lead::To(led) => Some(led.instance),
            _ => None,
        }
    }

    /// Whether it leads to `instance`.
    pub fn is(&self, instance: &Instance<'_>) -> bool {
        self.instance().is_some_and(|to| to.address() == instance.address())
    }

    /// Whether it may lead to `instance`, for all that is known.
    pub fn may_be(&self, instance: &Instance<'_>) -> bool {
        match self {
            Lead::Nowhere => false,
            // Nobody knows the UUID of what is yet to be made, but an imported one.
            Lead::Literal(_) | Lead::Unknown => true,
            Lead::To(led) => {
                let is_data = led.instance.resource.mode != Mode::Managed;
                // A data source may read what the root itself declares.
                is_data || led.instance.address() == instance.address() || is_one_of_several(led.instance, instance)
            }
        }
    }
}

/// Whether one of them stands for instances of which the number is unknown, and the other may be one of these.
fn is_one_of_several(one: &Instance<'_>, other: &Instance<'_>) -> bool {
    (!one.certain || !other.certain) && std::ptr::eq(one.resource, other.resource)
}

impl<'a> Root<'a> {
    /// Where the argument `name` of `instance` leads.
    pub fn lead(&self, instance: &Instance<'_>, name: &str) -> Lead<'_, 'a> {
        instance.argument(name).map_or(Lead::Nowhere, |argument| self.lead_of(&argument.value))
    }

    /// Where the elements of the argument `name` lead, each with its place; `None` where the list is unknown. An
    /// argument that is not written has none.
    pub fn leads(&self, instance: &Instance<'_>, name: &str) -> Option<Vec<(Lead<'_, 'a>, Span)>> {
        let Some(argument) = instance.argument(name) else { return Some(Vec::new()) };
        if argument.value.is_null() {
            return Some(Vec::new());
        }
        let elements = argument.value.as_elements()?;
        let place = |value: &Value| value.made_by().unwrap_or(argument.span);
        Some(elements.iter().map(|value| (self.lead_of(value), place(value))).collect())
    }

    /// Where the argument `name` leads: each element of a list, or the whole.
    pub fn all_leads(&self, instance: &Instance<'_>, name: &str) -> Vec<Lead<'_, 'a>> {
        let Some(argument) = instance.argument(name) else { return Vec::new() };
        match argument.value.as_elements() {
            Some(elements) => elements.iter().map(|value| self.lead_of(value)).collect(),
            None => vec![self.lead_of(&argument.value)],
        }
    }

    fn lead_of(&self, value: &Value) -> Lead<'_, 'a> {
        if value.is_null() {
            return Lead::Nowhere;
        }
        if let Some(text) = value.as_text() {
            return Lead::Literal(text.to_owned());
        }
        if let Some(number) = value.as_number() {
            return Lead::Literal(number.normalized().to_string());
        }
        let led = || {
            let provenance = value.provenance()?;
            let instance = self.resolved.instance(provenance.address()?)?;
            Some(Led { instance, attribute: provenance.path.join(".") })
        };
        led().map_or(Lead::Unknown, Lead::To)
    }
}
