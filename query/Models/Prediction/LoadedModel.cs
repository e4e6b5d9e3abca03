namespace NeuroDb.Query;

/// <summary>
/// A version of a model while a statement runs: looked for once, with memory for each thread that
/// predicts.
/// </summary>
internal sealed class LoadedModel
{
    private readonly Lock _gate = new();
    private ModelVersion? _version;

    /// <summary>The version; read from the store if nobody has it.</summary>
    public ModelVersion Load(BoundModel model, ExecutionContext context)
    {
        lock (_gate)
        {
            return _version ??= context.Models.Load(model.Name, model.Info, context.Transaction);
        }
    }
}
