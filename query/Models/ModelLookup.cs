using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Finds models and their versions by name.</summary>
internal static class ModelLookup
{
    /// <summary>The model of a name; an error with the nearest name if there is none.</summary>
    public static ModelDefinition Find(NameSyntax name, CatalogView catalog) =>
        ModelDefinitionJson.Of(ObjectLookup.Find(CatalogObjectKind.Model, name, catalog));

    /// <summary>The version of a name; an error with what there is if there is none.</summary>
    public static ModelVersionInfo Find(ModelNameSyntax name, CatalogView catalog) =>
        VersionOf(Find(name.Name, catalog), name.Version, name.Position);

    /// <summary>A version of a model; an error with the versions it has.</summary>
    public static ModelVersionInfo VersionOf(
        ModelDefinition model, ModelVersionChoice choice, SourcePosition position) =>
        model.Find(choice) ?? throw new NeuroStoreException(
            ErrorCode.UnknownObject,
            $"The model {model.Name} has no version {choice.Number}; it has "
            + $"{string.Join(", ", model.Versions.Select(it => it.Number))}, and {model.Live} is "
            + "live.",
            position);

    /// <summary>The version of a name with its weights, as the transaction sees it.</summary>
    public static ModelVersion Load(ModelNameSyntax name, ExecutionContext context) =>
        context.Models.Load(
            name.Name.Last, Find(name, context.Transaction.Catalog), context.Transaction);
}
