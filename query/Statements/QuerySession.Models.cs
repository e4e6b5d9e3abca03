namespace NeuroDb.Query;

/// <summary>What a session does for trainings.</summary>
internal sealed partial class QuerySession
{
    /// <summary>Who is told how far a training is; null if nobody asked.</summary>
    public IProgress<ModelProgress>? ModelProgress
    {
        get => _contexts.ModelProgress;
        set => _contexts.ModelProgress = value;
    }

    private void PrepareModels(StatementSyntax syntax)
    {
        if (_transaction is null && syntax is CreateModelStatementSyntax)
        {
            _engine.Models.EnsureTables();
        }
    }
}
