using System.Globalization;
using System.Text.Json;

namespace NeuroDb.Neural;

/// <summary>The labels of a classifier that came as ONNX.</summary>
internal static class OnnxLabels
{
    /// <summary>
    /// Those of the note "labels"; the numbers of the outputs if there are none that fit.
    /// </summary>
    public static IReadOnlyList<string> Of(OnnxGraph graph, NetworkModel model)
    {
        if (model.Task != ModelTask.Classifier)
        {
            return [];
        }

        int count = Math.Max(2, model.OutputCount);
        try
        {
            string[] noted = JsonSerializer.Deserialize<string[]>(
                graph.Notes.GetValueOrDefault("labels", "[]")) ?? [];
            if (noted.Length == count && !noted.Contains(null))
            {
                return noted;
            }
        }
        catch (JsonException)
        {
            // A note of others under our name: the numbers of the classes are their names.
            return Numbers(count);
        }

        return Numbers(count);
    }

    private static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(
        static i => i.ToString(CultureInfo.InvariantCulture))];
}
