namespace NeuroDb.Tests.Simulation;

/// <summary>A row of a table of keys.</summary>
/// <param name="Id">Its number, which no other row has.</param>
/// <param name="A">The value of the first column, or null.</param>
/// <param name="B">The value of the second column, or null.</param>
internal sealed record KeyRow(long Id, object? A, object? B)
{
    /// <summary>A number that is as good as the content.</summary>
    public ulong Digest { get; } = Hash64.Combine(
        Hash64.Combine(Hash64.Mix((ulong)Id), Hash64.Of(KeyType.Text(A))),
        Hash64.Of(KeyType.Text(B)));

    /// <inheritdoc/>
    public override string ToString() => $"{Id} [{KeyType.Text(A)}] [{KeyType.Text(B)}]";
}
