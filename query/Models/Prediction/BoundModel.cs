namespace NeuroDb.Query;

/// <summary>A version of a model that a statement was bound to.</summary>
/// <param name="Name">The name of the model.</param>
/// <param name="Info">What the catalog knows of the version.</param>
internal sealed record BoundModel(string Name, ModelVersionInfo Info)
{
    /// <summary>The version with its weights.</summary>
    public ModelVersion Load(ExecutionContext context) =>
        context.State.Get<LoadedModel>(Info).Load(this, context);

    /// <summary>As it is written, with the number of the version.</summary>
    public override string ToString() => $"{Name}@{Info.Number}";
}
