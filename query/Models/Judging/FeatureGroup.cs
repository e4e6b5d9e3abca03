using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>The features that come from one raw column: they stay together.</summary>
/// <param name="Name">The name of the column.</param>
/// <param name="Column">Its place among the columns of the pipeline.</param>
/// <param name="Start">The first feature.</param>
/// <param name="Length">How many features there are.</param>
internal sealed record FeatureGroup(string Name, int Column, int Start, int Length)
{
    /// <summary>The groups of a pipeline, in order.</summary>
    public static IReadOnlyList<FeatureGroup> Of(FeaturePipeline pipeline)
    {
        var groups = new List<FeatureGroup>();
        int at = 0;
        foreach (FittedTransform transform in pipeline.Transforms)
        {
            int length = transform.Output.Length;
            string name = transform.Column.Name;
            if (groups.Count > 0 && groups[^1].Name == name)
            {
                groups[^1] = groups[^1] with { Length = groups[^1].Length + length };
            }
            else
            {
                int column = pipeline.Columns.ToList().FindIndex(it => it.Name == name);
                groups.Add(new FeatureGroup(name, column, at, length));
            }

            at += length;
        }

        return groups;
    }
}
