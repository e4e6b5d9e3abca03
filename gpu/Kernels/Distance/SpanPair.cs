namespace NeuroDb.Gpu;

/// <summary>The check that every kernel over two vectors begins with.</summary>
internal static class SpanPair
{
    /// <summary>Raises an <see cref="ArgumentException"/> unless both are equally long.</summary>
    public static void CheckLength<TElement, TQuery>(
        ReadOnlySpan<TElement> a, ReadOnlySpan<TQuery> b)
    {
        if (a.Length != b.Length)
        {
            throw new ArgumentException(
                $"The vectors have {a.Length} and {b.Length} dimensions; they must be equal.");
        }
    }
}
