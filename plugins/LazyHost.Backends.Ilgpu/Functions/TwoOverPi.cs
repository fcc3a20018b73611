namespace LazyHost.Backends.Ilgpu.Functions;

/// <summary>The bits of 2 / pi, behind 64 zeros; kernels cannot read static arrays.</summary>
internal static class TwoOverPi
{
    /// <summary>64 bits from a bit on.</summary>
    public static ulong Bits(int first)
    {
        var word = first >> 6;
        var shift = first & 63;
        return (Word(word) << shift) | (Word(word + 1) >> 1 >> (63 - shift));
    }

    private static ulong Word(int index)
    {
        switch (index)
        {
            case 1: return 0xA2F9836E4E441529;
            case 2: return 0xFC2757D1F534DDC0;
            case 3: return 0xDB6295993C439041;
            case 4: return 0xFE5163ABDEBBC561;
            case 5: return 0xB7246E3A424DD2E0;
            case 6: return 0x06492EEA09D1921C;
            case 7: return 0xFE1DEB1CB129A73E;
            case 8: return 0xE88235F52EBB4484;
            case 9: return 0xE99C7026B45F7E41;
            case 10: return 0x3991D639835339F4;
            case 11: return 0x9C845F8BBDF9283B;
            case 12: return 0x1FF897FFDE05980F;
            case 13: return 0xEF2F118B5A0A6D1F;
            case 14: return 0x6D367ECF27CB09B7;
            case 15: return 0x4F463F669E5FEA2D;
            case 16: return 0x7527BAC7EBE5F17B;
            case 17: return 0x3D0739F78A5292EA;
            case 18: return 0x6BFB5FB11F8D5D08;
            case 19: return 0x56033046FC7B6BAB;
            default: return 0;
        }
    }
}
