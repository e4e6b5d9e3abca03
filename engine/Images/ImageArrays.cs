namespace NeuroDb;

/// <summary>The images and labels of a table as arrays of numbers.</summary>
/// <param name="Pixels">(images, height, width, channels), from 0 to 1.</param>
/// <param name="Labels">The number of the label of each image.</param>
/// <param name="LabelNames">The labels by their numbers, in the order of their texts.</param>
/// <param name="Height">Rows of an image.</param>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Channels">1 for gray, 3 for red, green and blue.</param>
public sealed record ImageArrays(
    float[] Pixels,
    int[] Labels,
    IReadOnlyList<string> LabelNames,
    int Height,
    int Width,
    int Channels)
{
    /// <summary>Takes the arrays apart: <c>var (x, y, labels) = ...</c>.</summary>
    /// <param name="x">The pixels.</param>
    /// <param name="y">The numbers of the labels.</param>
    /// <param name="labels">The labels.</param>
    public void Deconstruct(out float[] x, out int[] y, out IReadOnlyList<string> labels) =>
        (x, y, labels) = (Pixels, Labels, LabelNames);
}
