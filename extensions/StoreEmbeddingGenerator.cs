using Microsoft.Extensions.AI;

namespace NeuroDb.Extensions;

/// <summary>
/// A model of a database as an embedding generator: one query for each call. It keeps the version
/// that was live when it was made, as vectors of versions do not compare. A text of which the model
/// knows nothing has a vector of zeros, which is near nothing.
/// </summary>
internal sealed class StoreEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly NeuroStore _store;
    private readonly EmbeddingGeneratorMetadata _metadata;
    private readonly string _name;
    private readonly string _model;
    private readonly string _sql;
    private readonly int _dimension;

    /// <summary>Binds the model.</summary>
    /// <param name="store">The database, which stays open as long as this is used.</param>
    /// <param name="model">The name of the model.</param>
    /// <param name="version">The number of the version; null for the live one.</param>
    public StoreEmbeddingGenerator(NeuroStore store, string model, int? version)
    {
        _store = store;
        _name = model;
        int number = version ?? store.QueryScalar<int>(
            "SELECT live_version FROM neuro.models WHERE lower(name) = lower(?)", model);
        _model = number == 0 ? model : FormattableString.Invariant($"{model}@{number}");
        string quoted = model.Replace("\"", "\"\"", StringComparison.Ordinal);
        string name = number == 0
            ? $"\"{quoted}\"" : FormattableString.Invariant($"\"{quoted}\"@{number}");
        _sql = $"SELECT embed({name}, u.body) FROM unnest(?) AS u (body)";

        // An unknown model, or one that gives no vectors, is an error of this call.
        using ResultReader reader = store.Query($"SELECT embed({name}, '')");
        _dimension = reader.GetDataType(0).Length;
        _metadata = new EmbeddingGeneratorMetadata("neurostore", null, _model, _dimension);
    }

    /// <inheritdoc/>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        AskedEmbeddings.Check(options, _model, _dimension);
        if (options?.ModelId is { } other && other != _name && other != _model)
        {
            throw new NotSupportedException(
                $"This generator asks the model {_model}, not {other}.");
        }

        string[] texts = AskedEmbeddings.TextsOf(values);
        var embeddings = new GeneratedEmbeddings<Embedding<float>>(texts.Length);
        if (texts.Length == 0)
        {
            return embeddings;
        }

        using Session session = _store.OpenSession();
        ResultReader reader = await session.QueryAsync(_sql, [texts], cancellationToken)
            .ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                float[] vector = reader.IsNull(0)
                    ? new float[_dimension]
                    : reader.GetVector(0).ToArray();
                embeddings.Add(new Embedding<float>(vector) { ModelId = _model });
            }
        }

        return embeddings;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType == typeof(NeuroStore) ? _store
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The database is the caller's.
    }
}
