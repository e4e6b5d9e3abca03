using Microsoft.Extensions.AI;

namespace NeuroDb.Extensions;

/// <summary>
/// NeuroStore's encoders as embedding generators of Microsoft.Extensions.AI, and generators of
/// others as encoders that statements ask.
/// </summary>
public static class NeuroEmbeddings
{
    /// <summary>A model of the database that gives vectors of texts.</summary>
    /// <param name="store">The database; it stays open as long as the generator is used.</param>
    /// <param name="model">The name of the model.</param>
    /// <param name="version">
    /// The number of its version; by default the one that is live now, to which the generator
    /// keeps.
    /// </param>
    /// <exception cref="NeuroStoreException">There is no such model, or it gives no vectors.
    /// </exception>
    public static IEmbeddingGenerator<string, Embedding<float>> AsEmbeddingGenerator(
        this NeuroStore store, string model, int? version = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        if (version is { } number)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(number, 1, nameof(version));
        }

        return new StoreEmbeddingGenerator(store, model, version);
    }

    /// <summary>The built-in text encoder.</summary>
    /// <param name="encoder">The encoder.</param>
    public static IEmbeddingGenerator<string, Embedding<float>> AsEmbeddingGenerator(
        this TextEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        return new TextEncoderGenerator(encoder);
    }

    /// <summary>
    /// A generator as an encoder of the program, for <see cref="NeuroStoreOptions.Encoders"/>. The
    /// thread of the statement waits for it; what it raises becomes an error of the statement.
    /// </summary>
    /// <param name="generator">The generator; several threads may call it at once.</param>
    public static TextVectorizer ToVectorizer(
        this IEmbeddingGenerator<string, Embedding<float>> generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return (texts, cancellationToken) =>
        {
            // On a thread of the pool, so that nothing waits for a context that waits for this.
            GeneratedEmbeddings<Embedding<float>> embeddings = Task
                .Run(
                    () => generator.GenerateAsync(texts, null, cancellationToken),
                    cancellationToken)
                .GetAwaiter().GetResult();
            return [.. embeddings.Select(static embedding => embedding.Vector.ToArray())];
        };
    }
}
