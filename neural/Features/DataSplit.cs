using System.Security.Cryptography;

namespace NeuroDb.Neural;

/// <summary>Which rows train, which validate and which test.</summary>
/// <param name="Validation">The share of the rows that validate.</param>
/// <param name="Test">The share of the rows that test.</param>
/// <param name="Seed">What hashes begin with.</param>
internal sealed record DataSplit(double Validation, double Test, ulong Seed)
{
    /// <summary>The parts of rows.</summary>
    /// <param name="kind">How rows are divided.</param>
    /// <param name="keys">
    /// A hash of each row: of its key for random and stratified, of its group for grouped.
    /// </param>
    /// <param name="classes">The class of each row, for stratified.</param>
    public SplitPart[] Divide(
        SplitKind kind, ReadOnlySpan<ulong> keys, ReadOnlySpan<int> classes = default)
    {
        if (!(Validation >= 0 && Test >= 0 && Validation + Test < 1))
        {
            throw NeuralErrors.InvalidModel(
                "The shares of SPLIT must be 0 or more, and leave something to train on.");
        }

        var parts = new SplitPart[keys.Length];
        switch (kind)
        {
            case SplitKind.Ordered:
                for (int i = 0; i < parts.Length; i++)
                {
                    parts[i] = PartOf((i + 0.5) / parts.Length);
                }

                break;
            case SplitKind.Stratified:
                Stratify(keys, classes, parts);
                break;
            default:
                for (int i = 0; i < parts.Length; i++)
                {
                    parts[i] = PartOf(PlaceOf(keys[i]));
                }

                break;
        }

        return parts;
    }

    /// <summary>The SHA-256 of which row has which part, as hexadecimal digits.</summary>
    public static string HashOf(ReadOnlySpan<ulong> keys, ReadOnlySpan<SplitPart> parts)
    {
        // The order of the rows has no part in it.
        (ulong Key, SplitPart Part)[] rows = new (ulong, SplitPart)[keys.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = (keys[i], parts[i]);
        }

        Array.Sort(rows);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[9];
        foreach ((ulong key, SplitPart part) in rows)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(bytes, key);
            bytes[8] = (byte)part;
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void Stratify(
        ReadOnlySpan<ulong> keys, ReadOnlySpan<int> classes, SplitPart[] parts)
    {
        ulong[] hashes = new ulong[keys.Length];
        for (int i = 0; i < hashes.Length; i++)
        {
            hashes[i] = Hash64.Combine(Hash64.Mix(Seed), keys[i]);
        }

        int[] numbers = classes.ToArray();
        foreach (IGrouping<int, int> rows in
            Enumerable.Range(0, parts.Length).GroupBy(i => numbers[i]))
        {
            int[] order = [.. rows.OrderBy(i => hashes[i]).ThenBy(i => i)];
            for (int i = 0; i < order.Length; i++)
            {
                parts[order[i]] = PartOf((i + 0.5) / order.Length);
            }
        }
    }

    private double PlaceOf(ulong key) =>
        (Hash64.Combine(Hash64.Mix(Seed), key) >> 11) * (1.0 / (1UL << 53));

    private SplitPart PartOf(double place) =>
        place < 1 - Validation - Test ? SplitPart.Train
        : place < 1 - Test ? SplitPart.Validation : SplitPart.Test;
}
