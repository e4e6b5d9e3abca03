using System.Runtime.InteropServices;

namespace NeuroDb.Bench;

/// <summary>
/// libvips with one thread: pictures to measure with, and its thumbnails of them. Its functions
/// take further arguments by name and end with null.
/// </summary>
internal static unsafe class VipsPeer
{
    private const string Library = "libvips.so.42";
    private const int UnsignedBytes = 0;
    private const int ForceSize = 3;

    /// <summary>Whether the library is there; it is prepared then.</summary>
    public static bool TryStart()
    {
        if (!PeerLibrary.IsPresent(Library) || Initialize("bench") != 0)
        {
            return false;
        }

        SetConcurrency(1);
        SetCacheMax(0);
        return true;
    }

    /// <summary>The version.</summary>
    public static string Version => $"{VersionPart(0)}.{VersionPart(1)}.{VersionPart(2)}";

    /// <summary>A picture in a format: .jpg or .png.</summary>
    public static byte[] Encode(byte[] pixels, int width, int height, string format)
    {
        fixed (byte* start = pixels)
        {
            nint image = FromMemory(
                start, (nuint)pixels.Length, width, height, 3, UnsignedBytes);
            Check(ToBuffer(image, format, out nint bytes, out nuint length, 0));
            byte[] file = new ReadOnlySpan<byte>((void*)bytes, (int)length).ToArray();
            Free(bytes);
            Unreference(image);
            return file;
        }
    }

    /// <summary>Decodes a picture, brings it to a size, and gives how many bytes came.</summary>
    public static long Thumbnail(byte[] file, int width, int height)
    {
        fixed (byte* start = file)
        {
            Check(ThumbnailOf(
                start, (nuint)file.Length, out nint image, width, "height", height, "size",
                ForceSize, 0));
            nint pixels = ToMemory(image, out nuint length);
            Unreference(image);
            Free(pixels);
            return (long)length;
        }
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException("libvips refuses a picture.");
        }
    }

    [DllImport(Library, EntryPoint = "vips_init")]
    private static extern int Initialize([MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport(Library, EntryPoint = "vips_version")]
    private static extern int VersionPart(int part);

    [DllImport(Library, EntryPoint = "vips_concurrency_set")]
    private static extern void SetConcurrency(int threads);

    [DllImport(Library, EntryPoint = "vips_cache_set_max")]
    private static extern void SetCacheMax(int count);

    [DllImport(Library, EntryPoint = "vips_image_new_from_memory")]
    private static extern nint FromMemory(
        byte* data, nuint size, int width, int height, int bands, int format);

    [DllImport(Library, EntryPoint = "vips_image_write_to_buffer")]
    private static extern int ToBuffer(
        nint image,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string suffix,
        out nint buffer,
        out nuint size,
        nint end);

    [DllImport(Library, EntryPoint = "vips_thumbnail_buffer")]
    private static extern int ThumbnailOf(
        byte* data,
        nuint length,
        out nint image,
        int width,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string heightName,
        int height,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string sizeName,
        int size,
        nint end);

    [DllImport(Library, EntryPoint = "vips_image_write_to_memory")]
    private static extern nint ToMemory(nint image, out nuint size);

    [DllImport("libgobject-2.0.so.0", EntryPoint = "g_object_unref")]
    private static extern void Unreference(nint item);

    [DllImport("libglib-2.0.so.0", EntryPoint = "g_free")]
    private static extern void Free(nint memory);
}
