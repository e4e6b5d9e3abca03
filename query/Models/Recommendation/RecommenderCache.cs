namespace NeuroDb.Query;

/// <summary>The recommender of one call in one execution, made once for all users.</summary>
internal sealed class RecommenderCache
{
    private readonly Lock _gate = new();
    private Recommender? _recommender;

    /// <summary>The recommender of a version.</summary>
    public Recommender Of(ModelVersion version)
    {
        lock (_gate)
        {
            return _recommender ??= new Recommender(version);
        }
    }
}
