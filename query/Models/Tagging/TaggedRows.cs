using System.Text.Json;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Rows of texts with their tags: a tag for each word between blanks, or JSON that says where
/// entities begin and end. Rows that say neither are rejected and counted.
/// </summary>
internal sealed class TaggedRows(bool isSpans, TagNames names, long bytesMax)
{
    private const int TokenBytes = 16;

    private readonly List<TaggedText> _texts = [];
    private long _bytes;

    /// <summary>The texts in order.</summary>
    public IReadOnlyList<TaggedText> Texts => _texts;

    /// <summary>Rows without a text or without tags.</summary>
    public long Empty { get; private set; }

    /// <summary>Rows whose tags do not fit the text.</summary>
    public long Unfit { get; private set; }

    /// <summary>All rows that cannot be used.</summary>
    public long Rejected => Empty + Unfit;

    /// <summary>Reads rows whose columns have these places.</summary>
    public void Add(IEnumerable<RowBatch> batches, int text, int tags)
    {
        Invariant.Check(text >= 0 && tags >= 0);
        foreach (RowBatch batch in batches)
        {
            for (int row = 0; row < batch.Count; row++)
            {
                if (batch.Columns[text].IsNull(row) || batch.Columns[tags].IsNull(row))
                {
                    Empty++;
                    continue;
                }

                Add(
                    ValueText.Format(batch.Columns[text], row),
                    ValueText.Format(batch.Columns[tags], row));
            }
        }
    }

    private void Add(string text, string tags)
    {
        TextToken[] tokens = TokenCutter.Cut(text);
        if (tokens.Length == 0)
        {
            Empty++;
            return;
        }

        TaggedText? tagged = isSpans ? OfSpans(text, tokens, tags) : OfWords(text, tokens, tags);
        if (tagged is null)
        {
            Unfit++;
            return;
        }

        _bytes += (2L * text.Length) + ((long)TokenBytes * tokens.Length);
        _texts.Add(_bytes <= bytesMax ? tagged : throw new ResourceLimitException(
            ErrorCode.ResourceLimit,
            $"The texts take more than {bytesMax >> 20} MiB, and a tagger keeps them in memory; "
            + "raise max_memory, or train on a sample."));
    }

    private TaggedText? OfWords(string text, TextToken[] tokens, string tags)
    {
        string[] words = tags.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        TextUnit[] units = TokenCutter.WordsOf(text, tokens);
        return words.Length == units.Length
            ? new TaggedText(text, tokens, units, [.. words.Select(names.NumberOf)])
            : null;
    }

    private TaggedText? OfSpans(string text, TextToken[] tokens, string json)
    {
        var tags = new string[tokens.Length];
        Array.Fill(tags, EntityTags.Outside);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                return null;
            }

            foreach (JsonElement span in document.RootElement.EnumerateArray())
            {
                if (!TryMark(text, tokens, span, tags))
                {
                    return null;
                }
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return new TaggedText(
            text,
            tokens,
            TokenCutter.Singles(tokens.Length),
            [.. tags.Select(names.NumberOf)]);
    }

    // A span marks the tokens that it touches; none may be marked twice.
    private static bool TryMark(
        string text, TextToken[] tokens, JsonElement span, string[] tags)
    {
        if (span.ValueKind != JsonValueKind.Object
            || !span.TryGetProperty("start", out JsonElement first)
            || !span.TryGetProperty("end", out JsonElement end)
            || !span.TryGetProperty("label", out JsonElement label)
            || first.ValueKind != JsonValueKind.Number || !first.TryGetInt32(out int from)
            || end.ValueKind != JsonValueKind.Number || !end.TryGetInt32(out int to)
            || label.ValueKind != JsonValueKind.String
            || label.GetString() is not { Length: > 0 } kind || kind.Any(char.IsWhiteSpace))
        {
            return false;
        }

        from = TextPlaces.UnitAt(text, from);
        to = TextPlaces.UnitAt(text, to);
        bool isMarked = false;
        for (int i = 0; i < tokens.Length; i++)
        {
            if (tokens[i].End <= from || tokens[i].Start >= to)
            {
                continue;
            }

            if (tags[i] != EntityTags.Outside)
            {
                return false;
            }

            tags[i] = (isMarked ? "I-" : "B-") + kind;
            isMarked = true;
        }

        return isMarked && from >= 0;
    }
}
