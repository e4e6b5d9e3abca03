using Microsoft.Extensions.AI;

namespace NeuroDb.Extensions;

/// <summary>Looks through what a generator is asked for, before anything is computed.</summary>
internal static class AskedEmbeddings
{
    /// <summary>Raises an error if vectors of another length are wanted.</summary>
    public static void Check(EmbeddingGenerationOptions? options, string model, int dimension)
    {
        if (options?.Dimensions is { } asked && asked != dimension)
        {
            throw new NotSupportedException(
                $"The model {model} gives vectors of length {dimension}, not {asked}.");
        }
    }

    /// <summary>The texts, none of which is null.</summary>
    public static string[] TextsOf(IEnumerable<string> values)
    {
        string[] texts = [.. values];
        int missing = Array.FindIndex(texts, static text => text is null);
        return missing < 0
            ? texts
            : throw new ArgumentException($"Text {missing} of the list is null.", nameof(values));
    }
}
