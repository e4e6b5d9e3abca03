namespace NeuroDb.Tests.Crash;

/// <summary>
/// A format that is read from anywhere, and what reading one file of it may cost.
/// </summary>
/// <param name="Name">The name of the format.</param>
/// <param name="Seeds">Files that are whole.</param>
/// <param name="Read">Reads a file, or raises a typed error.</param>
/// <param name="Allowance">The bytes that reading a file may allocate.</param>
internal sealed record FuzzTarget(
    string Name,
    IReadOnlyList<byte[]> Seeds,
    Action<byte[]> Read,
    Func<byte[], long> Allowance)
{
    /// <summary>What is mended after a mutation, so that more than a checksum is tried.</summary>
    public Action<byte[]>? Mend { get; init; }

    /// <summary>Whether reading allocates on other threads too.</summary>
    public bool IsShared { get; init; }
}
