using System.Security.Cryptography;
using System.Text;
using GradFlow.Runs;

namespace GradFlow.Experiments;

/// <summary>Tells whether a checkpoint is still the one that was written.</summary>
internal static class Checksum
{
    /// <summary>
    /// SHA-256 of all that a checkpoint says: its text by name, and each array's name, type, shape and bytes.
    /// </summary>
    /// <param name="checkpoint">The checkpoint, without its checksum.</param>
    /// <returns>The hash in hexadecimal digits.</returns>
    public static string Of(Checkpoint checkpoint)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, string text) in checkpoint.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            Append(hash, name, text);
        foreach (PackedArray array in checkpoint.Arrays)
        {
            Append(hash, array.Name, array.Type.ToString(), string.Join('x', array.Shape));
            hash.AppendData(array.Bytes.Span);
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, params ReadOnlySpan<string> texts)
    {
        foreach (string text in texts) hash.AppendData(Encoding.UTF8.GetBytes(text + '\0'));
    }
}
