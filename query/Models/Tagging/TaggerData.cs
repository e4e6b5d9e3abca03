using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>The texts of a query by their parts. Tags get numbers in the order of training.
/// </summary>
internal sealed class TaggerData
{
    private readonly Dictionary<SplitPart, TaggedRows> _rows = [];

    /// <summary>Reads and divides the rows of a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="split">How it is divided.</param>
    /// <param name="input">The name of the column of texts.</param>
    /// <param name="target">The column of tags.</param>
    /// <param name="names">The tags that are known; those of the rows are added.</param>
    /// <param name="bytesMax">How much memory the texts may take.</param>
    /// <param name="position">The place in the statement.</param>
    public TaggerData(
        ModelQuery query,
        ModelSplit split,
        string input,
        ModelColumn target,
        TagNames names,
        long bytesMax,
        SourcePosition position)
    {
        Names = names;
        ModelData data = ModelData.Divide(
            query, ModelTarget.Of([], query, ModelTask.Tagger), split, position);
        SplitHash = data.SplitHash;
        SnapshotHash = data.SnapshotHash;
        DuplicateCount = data.DuplicateCount;
        foreach (SplitPart part in (SplitPart[])
            [SplitPart.Train, SplitPart.Validation, SplitPart.Test])
        {
            var rows = new TaggedRows(target.Type.Kind == TypeKind.Json, names, bytesMax);
            rows.Add(data.Read(part), query.IndexOf(input), query.IndexOf(target.Name));
            _rows.Add(part, rows);
            if (part == SplitPart.Train)
            {
                // What goes on within a word has a tag too, before those that only others have.
                foreach (TaggedText text in rows.Texts)
                {
                    text.TokenTags(names);
                }

                TrainedCount = names.Count;
            }
        }
    }

    /// <summary>The tags.</summary>
    public TagNames Names { get; }

    /// <summary>How many of the tags are known after the training rows.</summary>
    public int TrainedCount { get; }

    /// <summary>Which row has which part, as a hash.</summary>
    public string SplitHash { get; }

    /// <summary>Which rows there are, as a hash.</summary>
    public string SnapshotHash { get; }

    /// <summary>Rows that judge and equal one that trains; -1 if nobody looked.</summary>
    public long DuplicateCount { get; }

    /// <summary>Rows without a text or tags.</summary>
    public long Empty => _rows.Values.Sum(static it => it.Empty);

    /// <summary>Rows whose tags do not fit their text.</summary>
    public long Unfit => _rows.Values.Sum(static it => it.Unfit);

    /// <summary>The texts of a part.</summary>
    public IReadOnlyList<TaggedText> Of(SplitPart part) => _rows[part].Texts;

    /// <summary>The rows of a part that cannot be used.</summary>
    public long RejectedOf(SplitPart part) => _rows[part].Rejected;
}
