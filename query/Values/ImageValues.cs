using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Holds what an IMAGE column promises: that each of its values is an image that can be decoded.
/// Whatever turns bytes into a value of that type asks here.
/// </summary>
internal static class ImageValues
{
    /// <summary>Raises a typed error for bytes that are no image, if the type asks for one.
    /// </summary>
    public static void Check(ReadOnlySpan<byte> bytes, DataType type, SourcePosition position)
    {
        if (!type.IsImage)
        {
            return;
        }

        try
        {
            ImageDecoder.Verify(bytes);
        }
        catch (NeuroStoreException error) when (position.IsKnown)
        {
            throw new NeuroStoreException(error.Code, error.Message, position, error);
        }
    }
}
