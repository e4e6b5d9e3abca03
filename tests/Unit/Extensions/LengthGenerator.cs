using Microsoft.Extensions.AI;

namespace NeuroDb.Tests.Unit;

/// <summary>A generator whose vectors are the length of the text and 1.</summary>
internal sealed class LengthGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    public Exception? Failure { get; init; }

    /// <summary>A text that it cannot take.</summary>
    public string? Refused { get; init; }

    public int CallCount { get; private set; }

    public int TextCount { get; private set; }

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        CallCount++;
        var made = new GeneratedEmbeddings<Embedding<float>>();
        foreach (string text in values)
        {
            TextCount++;
            made.Add(Failure is null && text != Refused
                ? new Embedding<float>(new float[] { text.Length, 1 })
                : throw Failure ?? new InvalidOperationException("not this text"));
        }

        return made;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
