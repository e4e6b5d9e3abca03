namespace NeuroDb.Neural;

/// <summary>
/// All ways to cut a piece into tokens, for training: how likely they are together, how often each
/// token is expected in them, and the likeliest. Used by one thread again and again.
/// </summary>
/// <remarks>
/// With a(i) the sum over all cuts of the first i bytes and b(i) that over all cuts of the rest, a
/// token t of bytes i to j is expected a(i) p(t) b(j) / a(n) times (Kudo, ACL 2018, section 3.2;
/// the forward-backward algorithm). Sums are kept as logarithms.
/// </remarks>
internal sealed class UnigramLattice(TokenTrie trie, double[] scores)
{
    private readonly List<(int Start, int End, int Token)> _arcs = [];
    private readonly double[] _ahead = new double[TokenPieces.LengthMax + 1];
    private readonly double[] _behind = new double[TokenPieces.LengthMax + 1];
    private readonly double[] _best = new double[TokenPieces.LengthMax + 1];
    private readonly int[] _last = new int[TokenPieces.LengthMax + 1];

    /// <summary>
    /// Adds the expected count of each token of a piece, and gives the logarithm of the piece's
    /// probability.
    /// </summary>
    /// <param name="piece">The piece.</param>
    /// <param name="weight">How often it stands in the texts.</param>
    /// <param name="expected">A count for each token.</param>
    public double Expect(ReadOnlySpan<byte> piece, double weight, double[] expected)
    {
        FindArcs(piece);
        int length = piece.Length;
        _ahead.AsSpan(0, length + 1).Fill(double.NegativeInfinity);
        _behind.AsSpan(0, length + 1).Fill(double.NegativeInfinity);
        _ahead[0] = 0;
        _behind[length] = 0;

        // Arcs are sorted by their starts, so all arcs into a place come before those out of it.
        foreach ((int start, int end, int token) in _arcs)
        {
            _ahead[end] = AddLogarithms(_ahead[end], _ahead[start] + scores[token]);
        }

        for (int i = _arcs.Count - 1; i >= 0; i--)
        {
            (int start, int end, int token) = _arcs[i];
            _behind[start] = AddLogarithms(_behind[start], _behind[end] + scores[token]);
        }

        double all = _ahead[length];
        foreach ((int start, int end, int token) in _arcs)
        {
            double share = _ahead[start] + scores[token] + _behind[end] - all;
            expected[token] += weight * Math.Exp(share);
        }

        return all;
    }

    /// <summary>The likeliest tokens of a piece, from its end to its start.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="without">A token that may not be used, or a number below 0.</param>
    /// <param name="tokens">Is emptied first.</param>
    public void FindBest(ReadOnlySpan<byte> piece, int without, List<(int Token, int End)> tokens)
    {
        FindArcs(piece);
        int length = piece.Length;
        _best.AsSpan(0, length + 1).Fill(double.NegativeInfinity);
        _best[0] = 0;
        var from = _last;
        for (int i = 0; i < _arcs.Count; i++)
        {
            (int start, int end, int token) = _arcs[i];
            double score = _best[start] + scores[token];
            if (token != without && score > _best[end])
            {
                _best[end] = score;
                from[end] = i;
            }
        }

        tokens.Clear();
        for (int end = length; end > 0; end = _arcs[from[end]].Start)
        {
            tokens.Add((_arcs[from[end]].Token, end));
        }
    }

    private void FindArcs(ReadOnlySpan<byte> piece)
    {
        _arcs.Clear();
        for (int start = 0; start < piece.Length; start++)
        {
            int node = TokenTrie.Root;
            for (int end = start; end < piece.Length; end++)
            {
                node = trie.Step(node, piece[end]);
                if (node < 0)
                {
                    break;
                }

                int token = trie.TokenAt(node);
                if (token >= 0)
                {
                    _arcs.Add((start, end + 1, token));
                }
            }
        }
    }

    private static double AddLogarithms(double left, double right)
    {
        (double least, double largest) = left < right ? (left, right) : (right, left);
        return double.IsNegativeInfinity(least)
            ? largest : largest + Math.Log(1 + Math.Exp(least - largest));
    }
}
