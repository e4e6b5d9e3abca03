namespace NeuroDb.Tests.Simulation;

/// <summary>A step of a transaction on a register, which is a list that only grows.</summary>
/// <param name="Key">The register.</param>
/// <param name="Value">What was appended, never twice in a history.</param>
/// <param name="Read">What was read; null of an append.</param>
internal readonly record struct HistoryOperation(long Key, long Value, long[]? Read)
{
    /// <summary>An append.</summary>
    public static HistoryOperation Append(long key, long value) => new(key, value, null);

    /// <summary>A read.</summary>
    public static HistoryOperation See(long key, params long[] list) => new(key, 0, list);

    /// <inheritdoc/>
    public override string ToString() => Read is null
        ? $"append {Value} to {Key}"
        : $"read {Key}: [{string.Join(' ', Read)}]";
}
