namespace NeuroDb.Query;

/// <summary>
/// The values of ENUM types: a character whose code says the place of the label, and the label, so
/// that everything that orders, hashes and stores texts does so with them.
/// </summary>
internal static class EnumLabels
{
    private const char First = ' ';

    /// <summary>The value of a label by its place from 0.</summary>
    public static Value ValueAt(DataType type, int place) => Value.OfText(
        TypeKind.Enum, $"{(char)(First + place)}{type.Labels[place]}");

    /// <summary>The value of a label, or an error that names the type.</summary>
    public static Value Parse(string label, DataType type, SourcePosition position)
    {
        int place = type.Shape!.PlaceOf(label);
        return place >= 0
            ? ValueAt(type, place)
            : throw new NeuroStoreException(
                ErrorCode.InvalidText,
                $"'{ValueText.Shorten(label)}' is no label of {ValueText.Shorten(type.ToString())}."
                + NearMatch.Hint(label, type.Labels),
                position);
    }

    /// <summary>
    /// The value as one of another type: by its label or, where ALTER TYPE gave another name to
    /// a label, by its place.
    /// </summary>
    public static Value Convert(
        Value value, DataType from, DataType to, SourcePosition position)
    {
        string label = LabelOf(value.AsText());
        return to.Shape!.PlaceOf(label) < 0 && from.Shape!.Name is { } name
            && name == to.Shape.Name && from.Labels.Count == to.Labels.Count
            ? ValueAt(to, PlaceOf(value.AsText()))
            : Parse(label, to, position);
    }

    /// <summary>The label of a value.</summary>
    public static string LabelOf(string value) => value[1..];

    /// <summary>The place of a value in its type, from 0.</summary>
    public static int PlaceOf(string value) => value[0] - First;
}
