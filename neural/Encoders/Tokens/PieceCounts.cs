namespace NeuroDb.Neural;

/// <summary>
/// How often each piece stands in the texts that a tokenizer learns from. The order of the texts
/// changes nothing, unless there are so many different pieces that rare ones must be forgotten.
/// </summary>
internal sealed class PieceCounts
{
    private const long BytesMax = 1 << 25;

    // A piece is kept as a string of its bytes, whose order is that of the bytes.
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private long _bytes;
    private long _forgotten;

    /// <summary>No pieces yet.</summary>
    public PieceCounts() => _lookup = _counts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>How many different pieces there are.</summary>
    public int Count => _counts.Count;

    /// <summary>Counts the pieces of a text.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Span<char> buffer = stackalloc char[TokenPieces.LengthMax];
        var pieces = new TokenPieces(bytes);
        while (pieces.MoveNext())
        {
            ReadOnlySpan<byte> piece = pieces.Current;
            Span<char> name = buffer[..piece.Length];
            for (int i = 0; i < piece.Length; i++)
            {
                name[i] = (char)piece[i];
            }

            if (_lookup.TryGetValue(name, out long count))
            {
                _lookup[name] = count + 1;
            }
            else
            {
                _lookup[name] = 1;
                _bytes += piece.Length;
            }
        }

        while (_bytes > BytesMax)
        {
            Forget(++_forgotten);
        }
    }

    /// <summary>
    /// The pieces in the order of their bytes; of more bytes than fit, the most frequent ones.
    /// </summary>
    /// <param name="bytesMax">The most bytes of all pieces.</param>
    public IReadOnlyList<(byte[] Bytes, long Count)> Sorted(long bytesMax)
    {
        IEnumerable<KeyValuePair<string, long>> kept = _counts;
        if (_bytes > bytesMax)
        {
            long left = bytesMax;
            kept = [.. _counts.OrderByDescending(static it => it.Value)
                .ThenBy(static it => it.Key, StringComparer.Ordinal)
                .TakeWhile(it => (left -= it.Key.Length) >= 0)];
        }

        return [.. kept.OrderBy(static it => it.Key, StringComparer.Ordinal)
            .Select(static it => (BytesOf(it.Key), it.Value))];
    }

    private void Forget(long countMax)
    {
        foreach (string rare in _counts.Where(it => it.Value <= countMax)
            .Select(static it => it.Key).ToArray())
        {
            _counts.Remove(rare);
            _bytes -= rare.Length;
        }
    }

    private static byte[] BytesOf(string name)
    {
        var bytes = new byte[name.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)name[i];
        }

        return bytes;
    }
}
