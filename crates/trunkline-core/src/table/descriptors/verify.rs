//! Follows everything a blob holds.

use super::{DescriptorError, Descriptors};

pub(super) fn everything(blob: Descriptors<'_>) -> Result<(), DescriptorError> {
    for index in 0..blob.type_count() {
        let found = blob.type_at(index)?;
        found.qualified_name()?;
        found.key()?;
        for property in found.properties()? {
            property.name()?;
            property.shape()?.item.qualified_name()?;
            property.grammar()?;
            property.range()?;
        }
        for navigation in found.navigation() {
            let navigation = navigation?;
            navigation.name()?;
            navigation.key()?;
            navigation.target()?;
        }
    }
    for index in 0..blob.enum_count() {
        let found = blob.enum_at(index)?;
        found.qualified_name()?;
        for member in found.members() {
            member?.name()?;
        }
    }
    for callable in blob.callables() {
        let callable = callable?;
        callable.name()?;
        callable.namespace()?;
        callable.binding()?;
        callable.returns()?;
        for parameter in callable.parameters() {
            let parameter = parameter?;
            parameter.name()?;
            parameter.shape()?;
            parameter.grammar()?;
        }
    }
    for root in blob.roots() {
        let root = root?;
        root.name()?;
        root.key()?;
        root.target()?;
    }
    operations(blob)
}

fn operations(blob: Descriptors<'_>) -> Result<(), DescriptorError> {
    for operation in blob.operations() {
        let operation = operation?;
        operation.id()?;
        operation.title()?;
        operation.verb()?;
        operation.method()?;
        operation.success()?;
        operation.query()?;
        operation.throttling()?;
        operation.roles()?;
        operation.reference()?;
        operation.corrections()?;
        operation.deprecated()?;
        operation.repetition()?;
        operation.body()?;
        operation.long_running()?;
        operation.target()?;
        operation.callable()?;
        operation.result()?;
        for path in operation.paths() {
            let path = path?;
            path.template()?;
            path.delegated()?;
            path.application()?;
        }
    }
    Ok(())
}
