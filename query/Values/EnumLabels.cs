namespace NeuroDb.Query;

/// <summary>
/// The values of ENUM types by their labels; what they look like says <see cref="EnumValue"/>.
/// </summary>
internal static class EnumLabels
{
    /// <summary>The value of a label by its place from 0.</summary>
    public static Value ValueAt(DataType type, int place) => Value.OfText(
        TypeKind.Enum, EnumValue.Of(place, type.Labels[place]));

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
        string label = EnumValue.LabelOf(value.AsText());
        return to.Shape!.PlaceOf(label) < 0 && from.Shape!.Name is { } name
            && name == to.Shape.Name && from.Labels.Count == to.Labels.Count
            ? ValueAt(to, EnumValue.PlaceOf(value.AsText()))
            : Parse(label, to, position);
    }
}
