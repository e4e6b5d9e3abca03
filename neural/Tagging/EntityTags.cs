namespace NeuroDb.Neural;

/// <summary>
/// What tags say of entities (IOB2, IOBES or BILOU). An I behind another kind begins an entity, as
/// in the CoNLL script. Labels without a prefix, such as dog, are entities of one place each.
/// </summary>
internal static class EntityTags
{
    /// <summary>What stands outside of all entities.</summary>
    public const string Outside = "O";

    /// <summary>The entities of a sequence in order.</summary>
    public static List<EntitySpan> SpansOf(IReadOnlyList<string> tags)
    {
        var spans = new List<EntitySpan>();
        int start = -1;
        char before = 'O';
        string kind = "";
        for (int i = 0; i <= tags.Count; i++)
        {
            (char prefix, string ofTag) = i < tags.Count ? Parse(tags[i]) : ('O', "");
            bool goesOn = start >= 0 && ofTag == kind
                && prefix is 'I' or 'E' && before is 'B' or 'I';
            if (!goesOn)
            {
                if (start >= 0)
                {
                    spans.Add(new EntitySpan(start, i, kind));
                }

                start = prefix == 'O' ? -1 : i;
                kind = ofTag;
            }

            before = prefix;
        }

        return spans;
    }

    /// <summary>Whether a tag says how an entity begins or goes on.</summary>
    public static bool HasPrefix(string tag) =>
        tag is ['B' or 'I' or 'E' or 'S' or 'L' or 'U', '-', _, ..];

    /// <summary>Whether a tag says that an entity goes on.</summary>
    public static bool Continues(string tag) => tag is ['I' or 'E' or 'L', '-', _, ..];

    /// <summary>The tag of what follows in the same word.</summary>
    public static string ContinuationOf(string tag) =>
        HasPrefix(tag) ? "I" + tag[1..] : tag;

    private static (char Prefix, string Kind) Parse(string tag) => tag switch
    {
        Outside or "" => ('O', ""),
        ['B' or 'I' or 'E' or 'S', '-', _, ..] => (tag[0], tag[2..]),
        ['L', '-', _, ..] => ('E', tag[2..]),
        ['U', '-', _, ..] => ('S', tag[2..]),
        _ => ('S', tag),
    };
}
