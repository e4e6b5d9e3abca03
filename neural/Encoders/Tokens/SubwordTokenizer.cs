using System.Text;

namespace NeuroDb.Neural;

/// <summary>
/// Cuts texts into tokens that were learned from texts. Every byte is a token by itself, so any
/// bytes can be encoded, and decoding gives them back. Immutable; any number of threads may encode
/// at once.
/// </summary>
/// <remarks>
/// Tokens 0 to 255 are the bytes; the learned ones follow. No token crosses a border of
/// <see cref="TokenPieces"/>, and nothing is assumed of white space: in scripts without gaps a
/// piece is a run of ideographs, up to a sentence.
/// </remarks>
internal abstract class SubwordTokenizer
{
    /// <summary>The most bytes of a token.</summary>
    public const int TokenBytesMax = 64;

    /// <summary>The tokens that are bytes.</summary>
    public const int ByteCount = 256;

    [ThreadStatic]
    private static List<int>? _threadTokens;

    [ThreadStatic]
    private static byte[]? _threadBytes;

    private readonly IReadOnlyList<byte[]> _names;
    private readonly TokenTrie _trie;
    private bool[] _standsAlone = [];

    /// <summary>A tokenizer of tokens, the bytes first.</summary>
    protected SubwordTokenizer(IReadOnlyList<byte[]> names)
    {
        _names = names;
        _trie = new TokenTrie(names);
    }

    /// <summary>How the tokens were learned.</summary>
    public abstract TokenizerKind Kind { get; }

    /// <summary>How many tokens there are.</summary>
    public int Count => _names.Count;

    /// <summary>The tokens by their bytes.</summary>
    protected TokenTrie Trie => _trie;

    /// <summary>The bytes of a token.</summary>
    public ReadOnlySpan<byte> BytesOf(int token) => _names[token];

    /// <summary>Adds the tokens of some bytes to a list.</summary>
    public void Encode(ReadOnlySpan<byte> bytes, List<int> tokens)
    {
        var pieces = new TokenPieces(bytes);
        while (pieces.MoveNext())
        {
            ReadOnlySpan<byte> piece = pieces.Current;
            int whole = _trie.Find(piece);
            if (whole >= 0 && _standsAlone[whole])
            {
                tokens.Add(whole);
            }
            else
            {
                EncodePiece(piece, tokens);
            }
        }
    }

    /// <summary>
    /// The tokens of a text as models read it: in lower case, with a space before it, so that a
    /// word has the same tokens wherever it stands. Valid until the thread asks again.
    /// </summary>
    public ReadOnlySpan<int> EncodeText(string text)
    {
        List<int> tokens = _threadTokens ??= [];
        tokens.Clear();
        Encode(BytesOf(text), tokens);
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(tokens);
    }

    /// <summary>
    /// The bytes of a text as <see cref="EncodeText"/> reads it. Valid until the thread asks again.
    /// </summary>
    public static ReadOnlySpan<byte> BytesOf(string text)
    {
        string lower = text.ToLowerInvariant();
        int most = Encoding.UTF8.GetMaxByteCount(lower.Length) + 1;
        byte[] bytes = _threadBytes ??= [];
        if (bytes.Length < most)
        {
            _threadBytes = bytes = new byte[most];
        }

        bytes[0] = (byte)' ';
        return bytes.AsSpan(0, 1 + Encoding.UTF8.GetBytes(lower, bytes.AsSpan(1)));
    }

    /// <summary>The bytes of tokens.</summary>
    public byte[] Decode(ReadOnlySpan<int> tokens)
    {
        var bytes = new List<byte>();
        foreach (int token in tokens)
        {
            bytes.AddRange(_names[token]);
        }

        return [.. bytes];
    }

    /// <summary>Learns tokens from the pieces of texts.</summary>
    public static SubwordTokenizer Train(TokenizerSpec spec, PieceCounts pieces) =>
        spec.Kind == TokenizerKind.Bpe
            ? BytePairTrainer.Train(pieces, spec.Vocabulary)
            : UnigramTrainer.Train(pieces, spec.Vocabulary);

    /// <summary>What was learned, for the file of a model.</summary>
    public void Write(ByteWriter writer)
    {
        writer.Number((int)Kind);
        writer.Number(Count - ByteCount);
        WriteTokens(writer);
    }

    /// <summary>The tokenizer that was written.</summary>
    public static SubwordTokenizer Read(ref ByteReader reader)
    {
        var kind = reader.Choice<TokenizerKind>();
        int learned = reader.Count(TokenizerSpec.VocabularyMax - ByteCount);
        return kind switch
        {
            TokenizerKind.Bpe => BytePairTokenizer.Read(learned, ref reader),
            TokenizerKind.Unigram => UnigramTokenizer.Read(learned, ref reader),
            _ => throw NeuralErrors.MalformedModel("a tokenizer is of no kind"),
        };
    }

    /// <summary>The bytes as tokens.</summary>
    protected static IEnumerable<byte[]> SingleBytes() =>
        Enumerable.Range(0, ByteCount).Select(static it => new[] { (byte)it });

    /// <summary>
    /// Finds out which tokens are what their own bytes are encoded as; these need no search. For
    /// constructors, when encoding is ready.
    /// </summary>
    protected void FindStandingAlone()
    {
        _standsAlone = new bool[Count];
        var tokens = new List<int>();
        for (int i = 0; i < Count; i++)
        {
            tokens.Clear();
            EncodePiece(_names[i], tokens);
            _standsAlone[i] = tokens is [int only] && only == i;
        }
    }

    /// <summary>Adds the tokens of a piece.</summary>
    protected abstract void EncodePiece(ReadOnlySpan<byte> piece, List<int> tokens);

    /// <summary>Writes the tokens behind the bytes.</summary>
    protected abstract void WriteTokens(ByteWriter writer);
}
