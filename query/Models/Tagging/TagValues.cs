using System.Text;
using System.Text.Json;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// What a tagger says of texts as SQL values: a tag for each word between blanks, or JSON with the
/// entities.
/// </summary>
internal static class TagValues
{
    /// <summary>A column; NULL where there is no text.</summary>
    public static ColumnBuffer<string> Build(
        ModelPredictor predictor, DataType type, byte[]? nulls)
    {
        TaggerRun? run = predictor.Tagger;
        Invariant.Check(run is not null);
        var values = new string[predictor.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = predictor.Texts[i] is not { } text ? ""
                : type.Kind == TypeKind.Json ? JsonOf(run, predictor.Version.Labels, text)
                : TagsOf(run, predictor.Version.Labels, text);
        }

        return new ColumnBuffer<string>(type, values, 0, values.Length, new NullMask(nulls));
    }

    /// <summary>The entities of a text: what, where in UTF-16 units, and how probable.</summary>
    public static IEnumerable<(string Kind, int Start, int End, double Probability)> EntitiesOf(
        TaggerRun run, IReadOnlyList<string> labels, string text)
    {
        TextToken[] tokens = TokenCutter.Cut(text);
        int[] tags = run.Tag(text, tokens);
        List<EntitySpan> spans = EntityTags.SpansOf([.. tags.Select(tag => labels[tag])]);
        if (spans.Count > 0)
        {
            run.Weigh();
        }

        return spans.Select(span => (
            span.Kind,
            tokens[span.Start].Start,
            tokens[span.End - 1].End,
            run.Chain.ProbabilityOf(span.Start, tags.AsSpan()[span.Start..span.End])));
    }

    private static string TagsOf(TaggerRun run, IReadOnlyList<string> labels, string text)
    {
        TextToken[] tokens = TokenCutter.Cut(text);
        int[] tags = run.Tag(text, tokens);
        return string.Join(
            ' ', TokenCutter.WordsOf(text, tokens).Select(word => labels[tags[word.First]]));
    }

    private static string JsonOf(TaggerRun run, IReadOnlyList<string> labels, string text)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartArray();
            foreach ((string kind, int start, int end, double probability) in
                EntitiesOf(run, labels, text))
            {
                int before = TextPlaces.PointsOf(text, 0, start);
                writer.WriteStartObject();
                writer.WriteNumber("start", before);
                writer.WriteNumber("end", before + TextPlaces.PointsOf(text, start, end));
                writer.WriteString("label", kind);
                writer.WriteString("text", text[start..end]);
                writer.WriteNumber("probability", Math.Round(probability, 6));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
