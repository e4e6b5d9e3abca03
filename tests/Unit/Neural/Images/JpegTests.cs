using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>JPEG at its size and at parts of it; for machines with libjpeg-turbo.</summary>
public sealed class JpegTests
{
    // 80 x 56 pixels: red a wave across, green a wave down, blue a slope.
    private const string Waves =
        "/9j/2wBDAAoHBwgHBgoICAgLCgoLDhgQDg0NDh0VFhEYIx8lJCIfIiEmKzcvJik0KSEiMEExNDk7Pj4+JS5E"
        + "SUM8SDc9Pjv/2wBDAQoLCw4NDhwQEBw7KCIoOzs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7"
        + "Ozs7Ozs7Ozs7Ozs7Ozv/wAARCAA4AFADASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcI"
        + "CQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkK"
        + "FhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWW"
        + "l5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QA"
        + "HwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJB"
        + "UQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpj"
        + "ZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU"
        + "1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDpba6Xjmr6XS461wttqvT5q0E1Xj71fBrB"
        + "yuephMBLlOqkulx1qhcXS+tYkmq8feqhcar/ALVevhcHK5x4/AS5Talulz1qNbpc9a5iXVefvVGuq8/er6Wh"
        + "g5WPia2AlzncW90uRzWtbXS8c159b6ryPmrXttV6fNXX9Tke1l+Akd1HdLjrSvdLjrXKR6rx96h9V4+9W9HB"
        + "yufRywEuQ85tp345rQSd8dahtrBuOK0EsGx0r49Thc+swlSnylSSd8daoXE7+tbMlg2OlUbiwb0r18LOFzjz"
        + "CpT5TElnfPWo1nfPWr0tg2elRrYNnpX01CcLHxNapT5x9vO+RzWtbTvxzVO3sGyOK1rawbjiuvnge1l9SmTx"
        + "zvjrQ87Y61ajsGx0oewbHSt6M4XPo5VKfIX7bSxx8taCaWMfdq7bBOK0ECYr8LWInc+UwmKnymDJpYx92qNx"
        + "pY/u11cgTFULgJXr4XETucmYYqfKclLpYz92o10sZ+7XQyhM1GoTNfS0MROx8TWxU+cz7fSxx8ta1tpY4+Wp"
        + "7cJkVrWwTiut4iZ7OX4qZTj0sY+7Q+ljH3a3YwmKHCYrejiJ3PpJYqfIcRbamOOa0E1MY60UV+dqjC56OEoQ"
        + "5RJNTGOtULjUx60UV6+FowuceYUIcpny6mM9ajXUxnrRRX01CjCx8TWoQ5y7b6mOOa1rbUxxzRRXV7GB7WX0"
        + "IGhHqYx1pX1MY+9RRW9GjC59JKhDkP/Z";

    private static readonly byte[] File = Convert.FromBase64String(Waves);

    [Theory]
    [InlineData(5, 3, 8)]
    [InlineData(6, 3, 4)]
    [InlineData(10, 14, 2)]
    [InlineData(20, 14, 2)]
    [InlineData(21, 14, 1)]
    public void A_jpeg_far_larger_than_its_target_is_decoded_at_a_part_of_its_size(
        int width, int height, int part)
    {
        if (!HasLibrary())
        {
            return;
        }

        var shape = new TensorShape(height, width, 3);
        DecodedImage reduced = ImageDecoder.Decode(File, shape);
        Assert.Equal((80 / part, 56 / part, 3), (reduced.Width, reduced.Height, reduced.Channels));

        var numbers = new float[shape.Length];
        var whole = new float[shape.Length];
        ImageResize.ToFloats(reduced, shape, numbers);
        ImageResize.ToFloats(ImageDecoder.Decode(File), shape, whole);
        for (int i = 0; i < whole.Length; i++)
        {
            Assert.Equal(whole[i], numbers[i], 0.03);
        }
    }

    [Fact]
    public void A_cut_jpeg_is_refused_or_read_at_any_size()
    {
        if (!HasLibrary())
        {
            return;
        }

        int refused = 0;
        for (int length = 0; length < File.Length; length++)
        {
            foreach (TensorShape shape in (TensorShape[])[new(2, 2, 3), new(100, 100, 1)])
            {
                try
                {
                    _ = ImageDecoder.Decode(File.AsSpan(0, length), shape);
                }
                catch (NeuroStoreException error)
                {
                    Assert.Equal(ErrorCode.MalformedImage, error.Code);
                    refused++;
                }
            }
        }

        Assert.InRange(refused, File.Length, 2 * File.Length);
    }

    private static bool HasLibrary()
    {
        try
        {
            ImageDecoder.Decode(File);
            return true;
        }
        catch (NeuroStoreException error) when (error.Code == ErrorCode.NotSupported)
        {
            return false;
        }
    }
}
