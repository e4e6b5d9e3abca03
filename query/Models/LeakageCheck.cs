using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Looks for features that give the target away by themselves.</summary>
internal static class LeakageCheck
{
    private const int RowsMax = 20_000;
    private const int ColumnsMax = 256;

    /// <summary>The names of features that give one of several targets away.</summary>
    /// <param name="pipeline">How rows become features.</param>
    /// <param name="features">(rows, features).</param>
    /// <param name="targets">(rows, targets).</param>
    /// <param name="classes">The classes of each target; 0 for a number.</param>
    public static IReadOnlyList<string> FindAll(
        FeaturePipeline pipeline,
        ReadOnlyMemory<float> features,
        ReadOnlyMemory<float> targets,
        IReadOnlyList<int> classes)
    {
        if (classes.Count == 1)
        {
            return Find(pipeline, features, targets, classes[0]);
        }

        var found = new List<string>();
        var own = new float[targets.Length / classes.Count];
        for (int target = 0; target < classes.Count; target++)
        {
            for (int row = 0; row < own.Length; row++)
            {
                own[row] = targets.Span[(row * classes.Count) + target];
            }

            found.AddRange(Find(pipeline, features, own, classes[target]));
        }

        return [.. found.Distinct()];
    }

    /// <summary>The names of such features; empty if there are none.</summary>
    public static IReadOnlyList<string> Find(
        FeaturePipeline pipeline,
        ReadOnlyMemory<float> features,
        ReadOnlyMemory<float> targets,
        int classes)
    {
        int[] columns = Columns(pipeline);
        int width = pipeline.Output.Length;
        int rows = targets.Length;
        int sampled = Math.Min(rows, RowsMax);
        if (columns.Length == 0 || sampled < 2)
        {
            return [];
        }

        var sample = new float[sampled * columns.Length];
        var said = new float[sampled];
        for (int i = 0; i < sampled; i++)
        {
            int row = (int)((long)i * rows / sampled);
            said[i] = targets.Span[row];
            for (int column = 0; column < columns.Length; column++)
            {
                sample[(i * columns.Length) + column] =
                    features.Span[(row * width) + columns[column]];
            }
        }

        return [.. LeakageProbe.Find(sample, said, classes)
            .Select(found => pipeline.NameOf(columns[found.Feature])).Distinct()];
    }

    // Places of hashes and pixels are no columns of the table.
    private static int[] Columns(FeaturePipeline pipeline)
    {
        var columns = new List<int>();
        int at = 0;
        foreach (FittedTransform transform in pipeline.Transforms)
        {
            bool isColumn = !transform.Spec.IsPlaces && transform.Spec.Kind is not
                (TransformKind.Hash or TransformKind.Cross or TransformKind.Words
                or TransformKind.Image or TransformKind.LogMel);
            for (int i = 0; isColumn && i < transform.Output.Length; i++)
            {
                columns.Add(at + i);
            }

            at += transform.Output.Length;
        }

        return [.. columns.Take(ColumnsMax)];
    }
}
