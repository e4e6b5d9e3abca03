using System.Runtime.InteropServices;

namespace NeuroDb.Neural;

/// <summary>
/// Learns the merges of <see cref="BytePairTokenizer"/>: again and again the most frequent pair of
/// neighbours becomes a token; of equally frequent ones that of the smaller tokens. A pair that
/// stands once only is not merged.
/// </summary>
/// <remarks>
/// Counts are kept up to date at the places of the merged pair, as in Sennrich et al., ACL 2016,
/// section 3.2; overlapping pairs such as both of "aaa" count each.
/// </remarks>
internal sealed class BytePairTrainer
{
    private const long BytesMax = 1 << 24;
    private const int Gone = -1;

    private readonly Dictionary<(int Left, int Right), int> _numbers = [];
    private readonly List<long> _counts = [];
    private readonly List<List<int>> _places = [];
    private readonly List<int> _lengths = [.. Enumerable.Repeat(1, SubwordTokenizer.ByteCount)];
    private readonly PriorityQueue<(int Left, int Right), (long Count, int Left, int Right)>
        _queue = new();
    private readonly int[] _parts;
    private readonly int[] _before;
    private readonly int[] _behind;
    private readonly long[] _weights;
    private readonly int[] _pieceOf;

    private BytePairTrainer(IReadOnlyList<(byte[] Bytes, long Count)> pieces)
    {
        int length = pieces.Sum(static it => it.Bytes.Length);
        _parts = new int[length];
        _before = new int[length];
        _behind = new int[length];
        _pieceOf = new int[length];
        _weights = [.. pieces.Select(static it => it.Count)];
        int at = 0;
        for (int piece = 0; piece < pieces.Count; piece++)
        {
            byte[] bytes = pieces[piece].Bytes;
            for (int i = 0; i < bytes.Length; i++, at++)
            {
                _parts[at] = bytes[i];
                _pieceOf[at] = piece;
                _before[at] = i > 0 ? at - 1 : Gone;
                _behind[at] = i + 1 < bytes.Length ? at + 1 : Gone;
            }
        }
    }

    /// <summary>A tokenizer of at most so many tokens.</summary>
    public static BytePairTokenizer Train(PieceCounts pieces, int vocabulary) =>
        new(new BytePairTrainer(pieces.Sorted(BytesMax))
            .Run(vocabulary - SubwordTokenizer.ByteCount));

    private List<(int Left, int Right)> Run(int count)
    {
        for (int at = 0; at < _parts.Length; at++)
        {
            if (_behind[at] >= 0)
            {
                Add(at);
            }
        }

        foreach ((int Left, int Right) pair in _numbers.Keys)
        {
            Enqueue(pair);
        }

        var merges = new List<(int Left, int Right)>();
        while (merges.Count < count && TryNext(out (int Left, int Right) best))
        {
            _lengths.Add(_lengths[best.Left] + _lengths[best.Right]);
            Merge(best, SubwordTokenizer.ByteCount + merges.Count);
            merges.Add(best);
        }

        return merges;
    }

    // What stands in the queue may be older than the count; it then goes in once more.
    private bool TryNext(out (int Left, int Right) pair)
    {
        while (_queue.TryDequeue(out pair, out (long Count, int Left, int Right) order))
        {
            long count = _counts[_numbers[pair]];
            if (count == -order.Count && count > 1)
            {
                return true;
            }

            if (count > 1 && count < -order.Count)
            {
                Enqueue(pair);
            }
        }

        return false;
    }

    private void Enqueue((int Left, int Right) pair)
    {
        long count = _counts[_numbers[pair]];
        bool fits = _lengths[pair.Left] + _lengths[pair.Right] <= SubwordTokenizer.TokenBytesMax;
        if (count > 1 && fits)
        {
            _queue.Enqueue(pair, (-count, pair.Left, pair.Right));
        }
    }

    private void Merge((int Left, int Right) pair, int token)
    {
        int number = _numbers[pair];
        List<int> places = _places[number];
        _places[number] = [];
        var made = new HashSet<(int Left, int Right)>();
        foreach (int at in places)
        {
            int right = _behind[at];
            if (right < 0 || _parts[at] != pair.Left || _parts[right] != pair.Right)
            {
                continue;
            }

            int before = _before[at];
            int behind = _behind[right];
            Subtract(before, at);
            Subtract(right, behind);
            _parts[at] = token;
            _parts[right] = Gone;
            _behind[at] = behind;
            _behind[right] = Gone;
            if (behind >= 0)
            {
                _before[behind] = at;
                made.Add(Add(at));
            }

            if (before >= 0)
            {
                made.Add(Add(before));
            }
        }

        _counts[number] = 0;
        foreach ((int Left, int Right) it in made)
        {
            Enqueue(it);
        }
    }

    private void Subtract(int left, int right)
    {
        if (left >= 0 && right >= 0)
        {
            _counts[_numbers[(_parts[left], _parts[right])]] -= _weights[_pieceOf[left]];
        }
    }

    /// <summary>Counts the pair at a place, which is new there.</summary>
    private (int Left, int Right) Add(int at)
    {
        (int Left, int Right) pair = (_parts[at], _parts[_behind[at]]);
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _numbers, pair, out bool isKnown);
        if (!isKnown)
        {
            number = _counts.Count;
            _counts.Add(0);
            _places.Add([]);
        }

        _counts[number] += _weights[_pieceOf[at]];
        _places[number].Add(at);
        return pair;
    }
}
