using System.Runtime.InteropServices;

namespace NeuroDb.Tests.Simulation;

/// <summary>A row of the model: what a row of every simulated table holds.</summary>
/// <param name="Id">The primary key.</param>
/// <param name="Name">A text, unique in the table, or null.</param>
/// <param name="Amount">A number or null.</param>
/// <param name="Vec">A vector or null.</param>
/// <param name="Data">Bytes or null.</param>
internal sealed record ModelRow(long Id, string? Name, long? Amount, float[]? Vec, byte[]? Data)
{
    /// <summary>A number that is as good as the content.</summary>
    public ulong Digest { get; } = DigestOf(Id, Name, Amount, Vec, Data);

    /// <summary>The digest of a row.</summary>
    public static ulong DigestOf(
        long id,
        string? name,
        long? amount,
        ReadOnlySpan<float> vec,
        ReadOnlySpan<byte> data)
    {
        ulong hash = Hash64.Mix((ulong)id);
        hash = Hash64.Combine(hash, name is null ? 1 : Hash64.Of(name));
        hash = Hash64.Combine(hash, amount is { } number ? Hash64.Mix((ulong)number) : 2);
        hash = Hash64.Combine(hash, vec.IsEmpty ? 3 : Hash64.Of(MemoryMarshal.AsBytes(vec)));
        return Hash64.Combine(hash, data.IsEmpty ? 4 : Hash64.Of(data));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Id} {Shorten(Name)} {Amount} {(Vec is null ? "null" : $"[{string.Join(' ', Vec)}]")} "
        + $"{(Data is null ? "null" : $"{Data.Length} bytes")}";

    private static string Shorten(string? text) => text switch
    {
        null => "null",
        { Length: > 24 } => $"'{text[..20]}...' of {text.Length}",
        _ => $"'{text}'",
    };
}
