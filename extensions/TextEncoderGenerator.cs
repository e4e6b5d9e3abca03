using Microsoft.Extensions.AI;

namespace NeuroDb.Extensions;

/// <summary>The built-in text encoder as an embedding generator.</summary>
internal sealed class TextEncoderGenerator(TextEncoder encoder)
    : IEmbeddingGenerator<string, Embedding<float>>
{
    private const string Model = "hashing";

    private readonly EmbeddingGeneratorMetadata _metadata =
        new("neurostore", null, Model, encoder.Dimension);

    /// <inheritdoc/>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        AskedEmbeddings.Check(options, Model, encoder.Dimension);
        string[] texts = AskedEmbeddings.TextsOf(values);
        var embeddings = new GeneratedEmbeddings<Embedding<float>>(texts.Length);
        foreach (string text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            embeddings.Add(new Embedding<float>(encoder.Encode(text)) { ModelId = Model });
        }

        return Task.FromResult(embeddings);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType == typeof(TextEncoder) ? encoder
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // There is nothing to give back.
    }
}
