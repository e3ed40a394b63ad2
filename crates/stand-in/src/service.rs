//! The methods of the protocol.

use prost::Message;
use rmpv::Value;
use serde_json::Value as Json;

use crate::api::{Api, Refusal, Shapes};
use crate::plan::plan;
use crate::shape::Shape;
use crate::store::Store;
use crate::value::{self, Object};
use crate::wire::{self, AttributePath, Diagnostic, DynamicValue};

/// A provider that answers.
#[derive(Debug)]
pub(crate) struct Service {
    api: Box<dyn Api>,
    /// Where the objects are; a provider that is only asked for its schema may do without.
    store: Option<Store>,
}

/// The bytes of a message, or why there is none.
type Answer = Result<Vec<u8>, String>;

impl Service {
    /// The provider that talks to `api`, whose objects are in `store`.
    pub(crate) fn new(api: Box<dyn Api>, store: Option<Store>) -> Self {
        Self { api, store }
    }

    /// What `method` answers; `None` where there is no such method.
    pub(crate) fn answer(&mut self, method: &str, message: &[u8]) -> Option<Answer> {
        Some(match method {
            "GetSchema" => Ok(schemas(self.api.shapes()).encode_to_vec()),
            "GetFunctions" | "Stop" => Ok(Vec::new()),
            "PrepareProviderConfig" => {
                with(message, |request: wire::Prepare| Ok(wire::Given { value: request.config, ..Default::default() }))
            }
            "Configure" => with(message, |_: wire::Configure| Ok(said(self.begin().err().into_iter().collect()))),
            "ValidateResourceTypeConfig" => self.validate(message, |shapes| &shapes.resources),
            "ValidateDataSourceConfig" => self.validate(message, |shapes| &shapes.data_sources),
            "ValidateEphemeralResourceConfig" => self.validate(message, |shapes| &shapes.ephemerals),
            "UpgradeResourceState" => with(message, |request: wire::Upgrade| self.upgrade(request)),
            "ReadResource" => with(message, |request: wire::Typed| self.read(request)),
            "PlanResourceChange" => with(message, |request: wire::Plan| self.plan(request)),
            "ApplyResourceChange" => with(message, |request: wire::Apply| self.apply(request)),
            "ImportResourceState" => with(message, |request: wire::Import| self.import(request)),
            "ReadDataSource" => with(message, |request: wire::Typed| self.read_data_source(request)),
            "OpenEphemeralResource" => with(message, |request: wire::Typed| self.open(request)),
            "CloseEphemeralResource" => Ok(wire::Said::default().encode_to_vec()),
            _ => return None,
        })
    }

    fn begin(&mut self) -> Result<(), Refusal> {
        let store = self.store.as_mut().ok_or("STAND_IN_STORE names no file")?;
        store.refresh()?;
        self.api.begin(store)
    }

    fn fresh(&mut self) -> Result<(&dyn Api, &mut Store), String> {
        let store = self.store.as_mut().ok_or("STAND_IN_STORE names no file")?;
        store.refresh()?;
        Ok((&*self.api, store))
    }

    fn validate(&self, message: &[u8], of: fn(&Shapes) -> &std::collections::BTreeMap<String, Shape>) -> Answer {
        with(message, |request: wire::Typed| {
            let shape = of(self.api.shapes()).get(&request.type_name).ok_or("no such type")?;
            let written = value::known(&value::read(request.value.as_ref())?);
            Ok(said(self.api.check(shape, &written)))
        })
    }

    fn upgrade(&self, request: wire::Upgrade) -> Result<wire::Given, String> {
        let raw = request.raw.ok_or("there is no state")?;
        let object: Object = serde_json::from_slice(&raw.json).map_err(|error| format!("the state: {error}"))?;
        let value = value::shaped(self.resource(&request.type_name)?, &object);
        Ok(wire::Given { value: Some(value::write(&value)), ..Default::default() })
    }

    fn read(&mut self, request: wire::Typed) -> Result<wire::Given, String> {
        let prior = value::known(&value::read(request.value.as_ref())?);
        let (api, store) = self.fresh()?;
        let found = api.read(store, &request.type_name, id(&prior), &prior);
        let value = self.state(&request.type_name, found)?;
        Ok(wire::Given { value: Some(value), ..Default::default() })
    }

    fn plan(&self, request: wire::Plan) -> Result<wire::Planned, String> {
        let proposed = value::read(request.proposed.as_ref())?;
        if proposed.is_nil() {
            return Ok(wire::Planned { state: request.proposed, legacy_types: true, ..Default::default() });
        }
        let prior = value::read(request.prior.as_ref())?;
        let config = value::read(request.config.as_ref())?;
        let fixed = self.api.fixed(&request.type_name);
        let planned = plan(self.resource(&request.type_name)?, fixed, &prior, &config);
        Ok(wire::Planned {
            state: Some(value::write(&planned.state)),
            replaces: planned.replaces.iter().map(|name| AttributePath::to(name)).collect(),
            diagnostics: Vec::new(),
            // As the real one: its framework plans defaults where nothing is written.
            legacy_types: true,
        })
    }

    fn apply(&mut self, request: wire::Apply) -> Result<wire::Applied, String> {
        let name = request.type_name.as_str();
        let prior = value::read(request.prior.as_ref())?;
        let planned = value::read(request.planned.as_ref())?;
        let (was, given) = (value::known(&prior), value::known(&planned));
        let (api, store) = self.fresh()?;
        let done = match (prior.is_nil(), planned.is_nil()) {
            (true, _) => api.create(store, name, &given).map(Some),
            (false, false) => api.update(store, name, id(&was), &given).map(Some),
            (false, true) => api.delete(store, name, id(&was)).map(|()| None),
        };
        match done {
            Ok(id) => {
                let found = id.and_then(|id| api.read(store, name, &id, &given));
                let state = Some(self.state(name, found)?);
                Ok(wire::Applied { state, diagnostics: Vec::new(), legacy_types: true })
            }
            Err(refusal) => {
                let diagnostics = vec![Diagnostic::error(refusal)];
                Ok(wire::Applied { state: request.prior, diagnostics, legacy_types: true })
            }
        }
    }

    fn import(&self, request: wire::Import) -> Result<wire::Imports, String> {
        let object = Object::from_iter([("id".to_owned(), Json::from(request.id))]);
        let state = self.state(&request.type_name, Some(object))?;
        let resources = vec![wire::Imported { type_name: request.type_name, state: Some(state) }];
        Ok(wire::Imports { resources, diagnostics: Vec::new() })
    }

    fn read_data_source(&mut self, request: wire::Typed) -> Result<wire::Given, String> {
        let written = value::known(&value::read(request.value.as_ref())?);
        let (api, store) = self.fresh()?;
        let shape = api.shapes().data_sources.get(&request.type_name).ok_or("no such data source")?;
        Ok(match api.look_up(store, &request.type_name, &with_defaults(shape, written)) {
            Ok(found) => wire::Given { value: Some(value::write(&value::shaped(shape, &found))), ..Default::default() },
            Err(refusal) => wire::Given { diagnostics: vec![Diagnostic::error(refusal)], ..Default::default() },
        })
    }

    fn open(&mut self, request: wire::Typed) -> Result<wire::Opened, String> {
        let written = value::known(&value::read(request.value.as_ref())?);
        let (api, store) = self.fresh()?;
        let shape = api.shapes().ephemerals.get(&request.type_name).ok_or("no such ephemeral resource")?;
        Ok(match api.look_up(store, &request.type_name, &written) {
            Ok(found) => {
                wire::Opened { result: Some(value::write(&value::shaped(shape, &found))), diagnostics: Vec::new() }
            }
            Err(refusal) => wire::Opened { result: None, diagnostics: vec![Diagnostic::error(refusal)] },
        })
    }

    fn resource(&self, name: &str) -> Result<&Shape, String> {
        self.api.shapes().resources.get(name).ok_or(format!("there is no resource type {name}"))
    }

    /// A resource as the state keeps it; nil where there is none.
    fn state(&self, name: &str, object: Option<Object>) -> Result<DynamicValue, String> {
        let shape = self.resource(name)?;
        Ok(value::write(&object.map_or(Value::Nil, |object| value::shaped(shape, &object))))
    }
}

fn with<Request: Message + Default, Answered: Message>(
    message: &[u8],
    act: impl FnOnce(Request) -> Result<Answered, String>,
) -> Answer {
    let request = Request::decode(message).map_err(|error| format!("the message: {error}"))?;
    Ok(act(request)?.encode_to_vec())
}

fn said(refusals: Vec<Refusal>) -> wire::Said {
    wire::Said { diagnostics: refusals.into_iter().map(Diagnostic::error).collect() }
}

fn schemas(shapes: &Shapes) -> wire::Schemas {
    let all = |shapes: &std::collections::BTreeMap<String, Shape>| {
        shapes.iter().map(|(name, shape)| (name.clone(), shape.to_wire())).collect()
    };
    wire::Schemas {
        provider: Some(shapes.provider.to_wire()),
        resources: all(&shapes.resources),
        data_sources: all(&shapes.data_sources),
        ephemerals: all(&shapes.ephemerals),
    }
}

fn with_defaults(shape: &Shape, mut written: Object) -> Object {
    for (name, attribute) in &shape.attributes {
        if let Some(default) = &attribute.default
            && !written.contains_key(name)
        {
            written.insert(name.clone(), default.clone());
        }
    }
    written
}

/// The id that the state remembers.
fn id(object: &Object) -> &str {
    object.get("id").and_then(Json::as_str).unwrap_or_default()
}
