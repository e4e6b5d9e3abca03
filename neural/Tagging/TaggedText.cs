namespace NeuroDb.Neural;

/// <summary>
/// A text whose tags are known. Tags stand at its words between blanks, or at its tokens; a word
/// has the tag of its first token that is no sign.
/// </summary>
internal sealed class TaggedText
{
    private readonly TextUnit[] _units;

    /// <summary>A text with a tag for each unit.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="units">What has a tag.</param>
    /// <param name="tags">The number of the tag of each unit.</param>
    public TaggedText(string text, TextToken[] tokens, TextUnit[] units, int[] tags)
    {
        Invariant.Check(units.Length == tags.Length);
        Text = text;
        Tokens = tokens;
        Tags = tags;
        _units = units;
    }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>Its tokens.</summary>
    public TextToken[] Tokens { get; }

    /// <summary>The number of the tag of each unit.</summary>
    public int[] Tags { get; }

    /// <summary>The text of a unit.</summary>
    public string UnitAt(int unit) =>
        Text[Tokens[_units[unit].First].Start..Tokens[_units[unit].Behind - 1].End];

    /// <summary>The tags of the units, of tags of the tokens.</summary>
    public int[] UnitsOf(int[] tokenTags) => [.. _units.Select(unit => tokenTags[unit.First])];

    /// <summary>
    /// The tags of the tokens: those behind the first of a unit continue its tag, and signs around
    /// it are of no entity.
    /// </summary>
    public int[] TokenTags(TagNames names)
    {
        var tags = new int[Tokens.Length];
        for (int i = 0; i < _units.Length; i++)
        {
            TextUnit unit = _units[i];
            for (int token = unit.Start; token < unit.End; token++)
            {
                tags[token] = token == unit.First ? Tags[i]
                    : token > unit.First && token < unit.Behind
                        ? names.ContinuationOf(Tags[i])
                    : EntityTags.HasPrefix(names[Tags[i]])
                        ? names.NumberOf(EntityTags.Outside)
                    : Tags[i];
            }
        }

        return tags;
    }
}
