namespace NeuroDb;

/// <summary>
/// The values of ENUM types: a character whose code says the place of the label, and the label, so
/// that everything that orders, hashes and stores texts does so with them.
/// </summary>
internal static class EnumValue
{
    private const char First = ' ';

    /// <summary>The value of a label at a place from 0, below the surrogates.</summary>
    public static string Of(int place, string label) => $"{(char)(First + place)}{label}";

    /// <summary>The label of a value.</summary>
    public static string LabelOf(string value) => value[1..];

    /// <summary>The place of a value in its type, from 0.</summary>
    public static int PlaceOf(string value) => value[0] - First;
}
