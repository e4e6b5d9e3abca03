using System.Runtime.CompilerServices;

namespace NeuroDb.Neural;

/// <summary>
/// Tokens by their bytes: from a node, one step for each byte. Immutable.
/// </summary>
/// <remarks>
/// A double array (Aoe, "An Efficient Digital Search Algorithm by Using a Double-Array Structure",
/// IEEE TSE 15(9), 1989): the child of node s by byte c is t = base[s] + c if check[t] = s.
/// </remarks>
internal sealed class TokenTrie
{
    /// <summary>The node that no byte leads to.</summary>
    public const int Root = 0;

    /// <summary>No node, and no token.</summary>
    public const int None = -1;

    private const int Alphabet = 256;
    private const double DenseShare = 0.95;

    private readonly IReadOnlyList<byte[]> _names;
    private readonly int[] _order;
    private Node[] _nodes = new Node[4 * Alphabet];
    private int _firstFree = 1;

    /// <summary>
    /// A trie of tokens, whose numbers are their places; of equal ones the first is found.
    /// </summary>
    public TokenTrie(IReadOnlyList<byte[]> names)
    {
        _names = names;
        _order = [.. Enumerable.Range(0, names.Count)];
        Array.Sort(_order, (left, right) =>
            names[left].AsSpan().SequenceCompareTo(names[right]) is int order and not 0
                ? order : left - right);
        Array.Fill(_nodes, Node.Empty);
        _nodes[Root] = new Node(1, Root, None);
        Build();
    }

    /// <summary>The child of a node, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(int node, byte next)
    {
        int child = _nodes[node].Base + next;
        return _nodes[child].Check == node ? child : None;
    }

    /// <summary>The token that ends at a node, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int TokenAt(int node) => _nodes[node].Token;

    /// <summary>The token of these bytes, or <see cref="None"/>.</summary>
    public int Find(ReadOnlySpan<byte> bytes)
    {
        int node = Root;
        foreach (byte next in bytes)
        {
            node = Step(node, next);
            if (node < 0)
            {
                return None;
            }
        }

        return TokenAt(node);
    }

    // A range of sorted tokens with the same bytes before a depth is a node.
    private void Build()
    {
        var waiting = new Queue<(int Node, int Depth, int First, int Last)>();
        waiting.Enqueue((Root, 0, 0, _order.Length));
        var children = new List<(byte Byte, int First, int Last)>();
        while (waiting.TryDequeue(out (int Node, int Depth, int First, int Last) it))
        {
            children.Clear();
            int at = it.First;
            while (at < it.Last && _names[_order[at]].Length == it.Depth)
            {
                ref Node node = ref _nodes[it.Node];
                node.Token = node.Token < 0 ? _order[at] : node.Token;
                at++;
            }

            while (at < it.Last)
            {
                byte next = _names[_order[at]][it.Depth];
                int start = at;
                while (at < it.Last && _names[_order[at]][it.Depth] == next)
                {
                    at++;
                }

                children.Add((next, start, at));
            }

            if (children.Count == 0)
            {
                continue;
            }

            int origin = Place(children);
            _nodes[it.Node].Base = origin;
            foreach ((byte next, int first, int last) in children)
            {
                _nodes[origin + next].Check = it.Node;
                waiting.Enqueue((origin + next, it.Depth + 1, first, last));
            }
        }
    }

    // The least place where all children are free; dense parts are not searched again.
    private int Place(List<(byte Byte, int First, int Last)> children)
    {
        int used = 0;
        byte least = children[0].Byte;
        for (int at = Math.Max(_firstFree, least + 1); ; at++)
        {
            Reserve(at - least + Alphabet);
            if (_nodes[at].IsUsed)
            {
                used++;
                continue;
            }

            int origin = at - least;
            bool fits = true;
            for (int i = 1; i < children.Count && fits; i++)
            {
                fits = !_nodes[origin + children[i].Byte].IsUsed;
            }

            if (fits)
            {
                int searched = at - _firstFree + 1;
                _firstFree = used >= DenseShare * searched && at > _firstFree
                    ? at : _firstFree;
                return origin;
            }
        }
    }

    private void Reserve(int length)
    {
        int before = _nodes.Length;
        if (length >= before)
        {
            Array.Resize(ref _nodes, Math.Max(length + 1, before * 2));
            Array.Fill(_nodes, Node.Empty, before, _nodes.Length - before);
        }
    }

    private struct Node(int origin, int check, int token)
    {
        public int Base = origin;
        public int Check = check;
        public int Token = token;

        public static Node Empty => new(0, None, None);

        public readonly bool IsUsed => Check >= 0;
    }
}
