//! The objects that authentik hands to an expression, and what their attributes and keys lead to.

use crate::environment::{Context, Kind};

/// Which person a user object stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// The one that the request is made by or evaluated for: `request.user`, `user`.
    Request,
    /// The one that a flow is about: `context["pending_user"]`.
    Pending,
    /// One that the expression looked up itself with `ak_user_by`.
    Found,
}

/// An object, whatever it was called on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Object {
    /// `request`.
    Request,
    /// `http_request`.
    HttpRequest,
    /// `http_request.session`.
    Session,
    /// `http_request.GET`.
    Query,
    /// `http_request.POST`.
    Form,
    /// `http_request.COOKIES`.
    Cookies,
    /// `http_request.META` and `http_request.headers`.
    Headers,
    /// `context`, which is `request.context`.
    Context,
    /// `context["flow_plan"]`.
    Plan,
    /// `context["flow_plan"].context`.
    PlanContext,
    /// `prompt_data`, of either context; `prompt_context` of a prompt.
    PromptData,
    /// `prompt_data["attributes"]`.
    PromptAttributes,
    /// `context["invitation"]`.
    Invitation,
    /// `context["invitation"].fixed_data`.
    InvitationData,
    /// A user.
    User(Whose),
    /// `user.attributes`.
    Attributes(Whose),
    /// What `user.group_attributes()` answers: the attributes of the groups and then the user's.
    MergedAttributes(Whose),
}

impl Object {
    /// The object that a name of the environment stands for.
    pub(crate) fn named(name: &str, context: Context) -> Option<Self> {
        context.name(name)?;
        match name {
            "request" => Some(Self::Request),
            "http_request" => Some(Self::HttpRequest),
            "context" if context.kind == Kind::Policy => Some(Self::Context),
            "user" => Some(Self::User(Whose::Request)),
            "prompt_context" => Some(Self::PromptData),
            _ => None,
        }
    }

    /// The object in an attribute.
    pub(crate) fn attribute(self, name: &str) -> Option<Self> {
        match (self, name) {
            (Self::Request, "context") => Some(Self::Context),
            (Self::Request, "http_request") => Some(Self::HttpRequest),
            (Self::Request | Self::HttpRequest, "user") => Some(Self::User(Whose::Request)),
            (Self::HttpRequest, "session") => Some(Self::Session),
            (Self::HttpRequest, "GET") => Some(Self::Query),
            (Self::HttpRequest, "POST") => Some(Self::Form),
            (Self::HttpRequest, "COOKIES") => Some(Self::Cookies),
            (Self::HttpRequest, "META" | "headers") => Some(Self::Headers),
            (Self::Plan, "context") => Some(Self::PlanContext),
            (Self::Invitation, "fixed_data") => Some(Self::InvitationData),
            (Self::User(whose), "attributes") => Some(Self::Attributes(whose)),
            _ => None,
        }
    }

    /// The object under a key.
    pub(crate) fn item(self, key: &str) -> Option<Self> {
        match (self, key) {
            (Self::Context | Self::PlanContext, "prompt_data") => Some(Self::PromptData),
            (Self::Context | Self::PlanContext, "flow_plan") => Some(Self::Plan),
            (Self::Context | Self::PlanContext, "pending_user") => Some(Self::User(Whose::Pending)),
            (Self::Context | Self::PlanContext, "invitation") => Some(Self::Invitation),
            (Self::PromptData, "attributes") => Some(Self::PromptAttributes),
            _ => None,
        }
    }

    /// The object that a method answers, other than those of a dictionary.
    pub(crate) fn answer(self, method: &str) -> Option<Self> {
        match (self, method) {
            (Self::User(whose), "group_attributes") => Some(Self::MergedAttributes(whose)),
            _ => None,
        }
    }

    /// Whether it is read by keys.
    pub fn is_mapping(self) -> bool {
        !matches!(self, Self::Request | Self::HttpRequest | Self::Plan | Self::Invitation | Self::User(_))
    }

    /// How it is most often written.
    pub fn written(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::HttpRequest => "http_request",
            Self::Session => "http_request.session",
            Self::Query => "http_request.GET",
            Self::Form => "http_request.POST",
            Self::Cookies => "http_request.COOKIES",
            Self::Headers => "http_request.headers",
            Self::Context => "context",
            Self::Plan => "flow_plan",
            Self::PlanContext => "flow_plan.context",
            Self::PromptData => "prompt_data",
            Self::PromptAttributes => "prompt_data.attributes",
            Self::Invitation => "invitation",
            Self::InvitationData => "invitation.fixed_data",
            Self::User(Whose::Request) => "user",
            Self::User(Whose::Pending) => "pending_user",
            Self::User(Whose::Found) => "ak_user_by()",
            Self::Attributes(Whose::Request) => "user.attributes",
            Self::Attributes(Whose::Pending) => "pending_user.attributes",
            Self::Attributes(Whose::Found) => "ak_user_by().attributes",
            Self::MergedAttributes(Whose::Request) => "user.group_attributes()",
            Self::MergedAttributes(Whose::Pending) => "pending_user.group_attributes()",
            Self::MergedAttributes(Whose::Found) => "ak_user_by().group_attributes()",
        }
    }
}
