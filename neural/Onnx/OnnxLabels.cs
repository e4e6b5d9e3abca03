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
        IReadOnlyList<string> noted = Noted(graph.Notes);
        return noted.Count == count ? noted : Numbers(count);
    }

    /// <summary>Those of the note, whatever is computed; none if there are none.</summary>
    public static IReadOnlyList<string> Noted(IReadOnlyDictionary<string, string> notes)
    {
        try
        {
            string[] noted = JsonSerializer.Deserialize<string[]>(
                notes.GetValueOrDefault("labels", "[]")) ?? [];
            return noted.Contains(null) ? [] : noted;
        }
        catch (JsonException)
        {
            // A note of others under our name.
            return [];
        }
    }

    private static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(
        static i => i.ToString(CultureInfo.InvariantCulture))];
}
