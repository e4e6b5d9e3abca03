using System.Runtime.InteropServices;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// Some hundred units of the words of a text, each word between two marks, and the hashes of their
/// n-grams. Owned by one thread, reused from text to text.
/// </summary>
internal sealed class TextWordBlock
{
    private const int UnitsMax = 512;
    private const int WordRoom = TextTokenizer.WordLengthMax + 2;
    private const char WordStart = '\u0002';
    private const char WordEnd = '\u0003';

    private readonly char[] _units = new char[UnitsMax];
    private readonly TextWord[] _words = new TextWord[UnitsMax];
    private ulong[] _hashes = [];
    private int _unitCount;
    private int _wordCount;

    /// <summary>Whether there may be no room for another word.</summary>
    public bool IsFull => _unitCount + WordRoom > UnitsMax;

    /// <summary>Whether there are words that have n-grams.</summary>
    public bool HasGrams { get; private set; }

    /// <summary>The words.</summary>
    public ReadOnlySpan<TextWord> Words => _words.AsSpan(0, _wordCount);

    /// <summary>Forgets all words.</summary>
    public void Clear()
    {
        _unitCount = 0;
        _wordCount = 0;
        HasGrams = false;
    }

    /// <summary>Takes the word at which a tokenizer stands.</summary>
    public void Add(scoped in TextTokenizer words)
    {
        Invariant.Check(!IsFull);
        Span<char> word = words.Word;
        _words[_wordCount++] = new TextWord(
            _unitCount,
            word.Length,
            words.IsIdeograph,
            words.ContinuesPhrase,
            words.ContinuesRun);
        _units[_unitCount++] = WordStart;
        word.CopyTo(_units.AsSpan(_unitCount));
        _unitCount += word.Length;
        _units[_unitCount++] = WordEnd;
        HasGrams |= !words.IsIdeograph;
    }

    /// <summary>The units of a word, which may be changed once its n-grams are hashed.</summary>
    public Span<char> WordAt(in TextWord word) => _units.AsSpan(word.Offset + 1, word.Length);

    /// <summary>Hashes the n-grams of all words, for <see cref="GramAt"/>.</summary>
    public void HashGrams(int shortest, int longest)
    {
        int length = (longest - shortest + 1) * _unitCount;
        if (_hashes.Length < length)
        {
            _hashes = new ulong[(longest - shortest + 1) * UnitsMax];
        }

        NgramHash.Compute(
            MemoryMarshal.Cast<char, ushort>(_units.AsSpan(0, _unitCount)),
            shortest,
            longest,
            _hashes.AsSpan(0, length));
    }

    /// <summary>The hash of the n-gram at an offset, of so many units above the shortest.</summary>
    public ulong GramAt(int offset, int more) => _hashes[(more * _unitCount) + offset];
}
