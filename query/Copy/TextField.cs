using System.Text;
using System.Text.Unicode;

namespace NeuroDb.Query;

/// <summary>TEXT: any valid UTF-8. Texts that repeat share one object.</summary>
internal struct TextField : IFieldReader<string>
{
    private const int SharedLengthMax = 32;
    private const int SharedCount = 1024;
    private string[]? _shared;

    /// <inheritdoc/>
    public bool TryRead(ReadOnlySpan<byte> text, DataType type, out string value)
    {
        if (!Utf8.IsValid(text))
        {
            value = "";
            return false;
        }

        value = text.Length <= SharedLengthMax ? Share(text) : Encoding.UTF8.GetString(text);
        return true;
    }

    private string Share(ReadOnlySpan<byte> text)
    {
        _shared ??= new string[SharedCount];
        uint hash = 2166136261;
        foreach (byte unit in text)
        {
            hash = (hash ^ unit) * 16777619;
        }

        Span<char> characters = stackalloc char[SharedLengthMax];
        characters = characters[..Encoding.UTF8.GetChars(text, characters)];
        ref string known = ref _shared[(hash ^ (hash >> 15)) % SharedCount];
        if (known is null || !characters.SequenceEqual(known))
        {
            known = characters.ToString();
        }

        return known;
    }
}
